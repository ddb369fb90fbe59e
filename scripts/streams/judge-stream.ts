import { isDeepStrictEqual } from 'node:util';
import type { RecordedStream, ToldStep } from './recorded-stream';

/** One event of an execution as a client reads it. */
export interface StreamEvent {
  readonly id: number;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const CARRIED: Readonly<Record<string, readonly string[]>> = {
  token: ['field', 'delta'],
  partial: ['field', 'pointer', 'value'],
  status: ['message'],
  restarted: ['attempt'],
};

/** What is wrong with the events of an execution, held against what was recorded; empty when nothing is. */
export function faultsOfStream({ told, outputs }: RecordedStream, events: readonly StreamEvent[]): string[] {
  const types = events.map(({ type }) => type);
  const faults: string[] = [];
  if (events.some(({ id }, index) => id !== index + 1)) faults.push('its ids do not increase by one from 1');
  const frame = [...types.slice(0, 2), ...types.slice(-2)];
  if (!isDeepStrictEqual(frame, ['queued', 'started', 'outputs', 'succeeded']))
    faults.push(`it has ${types.join(', ')}`);
  const said = joined(events.slice(2, -2).map(toStep));
  const wanted = joined(told);
  if (!isDeepStrictEqual(said, wanted))
    faults.push(`it tells ${JSON.stringify(said)} instead of ${JSON.stringify(wanted)}`);
  const given = events.find(({ type }) => type === 'outputs')?.data['outputs'];
  if (!isDeepStrictEqual(given, outputs))
    faults.push(`its outputs are ${JSON.stringify(given)} instead of ${JSON.stringify(outputs)}`);
  return faults;
}

/** What is wrong with a stream that was resumed after an event of a whole one: it has to be exactly the rest. */
export function faultsOfRest(whole: readonly StreamEvent[], after: number, rest: readonly StreamEvent[]): string[] {
  const wanted = whole.filter(({ id }) => id > after);
  if (isDeepStrictEqual(rest, wanted)) return [];
  const ids = (events: readonly StreamEvent[]): string => events.map(({ id }) => id).join(', ') || 'nothing';
  return [`after ${after} it gives ${ids(rest)} instead of ${ids(wanted)}, or others of these`];
}

/** Steps in which tokens of a field that follow each other are one: those that come together travel together. */
function joined(steps: readonly ToldStep[]): ToldStep[] {
  const told: ToldStep[] = [];
  for (const step of steps) {
    const [type, field, delta] = step;
    const last = told.at(-1);
    if (type === 'token' && last?.[0] === 'token' && last[1] === field)
      told.splice(-1, 1, ['token', field, `${String(last[2])}${String(delta)}`]);
    else told.push(step);
  }
  return told;
}

function toStep({ type, data }: StreamEvent): ToldStep {
  return [type, ...(CARRIED[type] ?? []).map((member) => data[member])];
}
