/** An event that a subscription got. */
export interface GotEvent {
  readonly sequence: number;
  readonly subject: string;
}

/** What a subscription got so far. */
export interface FollowedEvents {
  readonly name: string;
  readonly events: readonly GotEvent[];
  /** Why it ended before it was closed. */
  readonly ended: string | undefined;
  close(): void;
}

/** What is wrong with what a subscription got, that was open while these executions ended and a few before. */
export function faultsOf(
  { name, events, ended }: Pick<FollowedEvents, 'name' | 'events' | 'ended'>,
  executionIds: readonly string[],
): string[] {
  const faults = ended === undefined ? [] : [`${name} ended: ${ended}`];
  const seen = new Set<string>();
  let last = 0;
  for (const { sequence, subject } of events) {
    if (seen.has(subject)) faults.push(`${name} got the event of ${subject} twice`);
    if (sequence <= last) faults.push(`${name} got event ${sequence} after ${last}`);
    seen.add(subject);
    last = sequence;
  }
  return [
    ...faults,
    ...executionIds.filter((id) => !seen.has(id)).map((id) => `${name} did not get the event of ${id}`),
  ];
}
