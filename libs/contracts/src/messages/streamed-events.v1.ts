import { z } from 'zod';

/** What a worker tells of an execution while it runs. */
export const STREAMED_EVENT_TYPES = ['token', 'partial', 'restarted', 'status'] as const;

/** One event as a worker tells it; its number follows from its place in {@link StreamedEventsV1}. */
export const StreamedEventV1 = z
  .strictObject({
    type: z.enum(STREAMED_EVENT_TYPES),
    field: z.string().optional().meta({ description: 'Of `token` and `partial`.' }),
    delta: z.string().optional().meta({ description: 'Of `token`: text that goes on the text of the field.' }),
    pointer: z.string().optional().meta({
      description: 'Of `partial`: where in the field the value is, as a JSON pointer; empty for all of the field.',
    }),
    value: z.unknown().optional().meta({ description: 'Of `partial`: a value that is complete.' }),
    attempt: z.int().min(1).optional().meta({ description: 'Of `restarted`: earlier tokens are to be forgotten.' }),
    message: z.string().optional().meta({ description: 'Of `status`.' }),
  })
  .meta({ id: 'StreamedEventV1' });
export type StreamedEventV1 = z.infer<typeof StreamedEventV1>;

/**
 * Events of one execution with numbers that follow each other. Stored only behind the message that its sender knew as the last
 * of the execution (`Nats-Expected-Last-Subject-Sequence`), so that one worker at a time gives numbers. Without events it
 * says that nothing comes any more: whoever ends an execution for its worker shuts the worker out by it.
 */
export const StreamedEventsV1 = z
  .strictObject({
    first: z.int().min(3).meta({ description: 'The number of the first event; the others follow by one.' }),
    events: z.array(StreamedEventV1),
  })
  .meta({ id: 'StreamedEventsV1' });
export type StreamedEventsV1 = z.infer<typeof StreamedEventsV1>;
