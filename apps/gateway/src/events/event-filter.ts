import type { CloudEvent } from '@dspy-nest/contracts';

/** The members of an event that a reader may choose by. */
export const EVENT_FILTER_FIELDS = ['type', 'subject', 'program', 'status'] as const;
type EventFilterField = (typeof EVENT_FILTER_FIELDS)[number];

/** The values that are wanted of each member; of one that is not named all are. */
export type EventFilter = Partial<Record<EventFilterField, readonly string[]>>;

/** Whether a filter lets an event through. */
export function passes(filter: EventFilter, event: CloudEvent): boolean {
  return EVENT_FILTER_FIELDS.every((field) => {
    const wanted = filter[field];
    return wanted === undefined || wanted.includes(String(valueOf(event, field)));
  });
}

function valueOf(event: CloudEvent, field: EventFilterField): unknown {
  if (field === 'type' || field === 'subject') return event[field];
  return (event.data as Partial<Record<EventFilterField, unknown>> | null | undefined)?.[field];
}
