import type { ScriptedModelServer } from '@dspy-nest/testing';
import { createProgram } from '../start/gateway-client';
import { faultsOfRest, faultsOfStream, type StreamEvent } from './judge-stream';
import { PROGRAMS, type RecordedStream } from './recorded-stream';

/** What came of following executions, and of coming again after each of their events. */
export interface StreamsReport {
  readonly streams: number;
  readonly events: number;
  readonly resumed: number;
  readonly faults: readonly string[];
}

/** Beside other programs of the suite. */
const nameOf = (program: string): string => `streamed-${program}`;

/** Registers the programs that were recorded. Throws an Error when one is refused. */
export async function registerStreamed(url: string): Promise<void> {
  for (const program of PROGRAMS) await createProgram(url, { ...program, name: nameOf(program.name) });
}

/**
 * Executes what was recorded, with a model that answers token by token as it did then, and comes again after each event. What is
 * followed has to be what was recorded, and what comes again exactly the rest.
 */
export async function runStreams(
  url: string,
  model: ScriptedModelServer,
  recordings: readonly RecordedStream[],
): Promise<StreamsReport> {
  const faults: string[] = [];
  let events = 0;
  let resumed = 0;
  for (const recorded of recordings) {
    const answers = [...recorded.answers];
    model.reply(() => ({ tokens: answers.shift() ?? [] }));
    const { id, whole } = await follow(url, recorded);
    const found = faultsOfStream(recorded, whole);
    for (let after = 0; after <= whole.length; after += 1) {
      found.push(...faultsOfRest(whole, after, await resume(url, id, after)));
      resumed += 1;
    }
    events += whole.length;
    faults.push(...found.map((fault) => `${recorded.program} by ${recorded.format}: ${fault}`));
  }
  return { streams: recordings.length, events, resumed, faults };
}

async function follow(url: string, { program, format }: RecordedStream): Promise<{ id: string; whole: StreamEvent[] }> {
  const response = await fetch(`${url}/v1/programs/${nameOf(program)}/executions`, {
    method: 'POST',
    headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
    body: JSON.stringify({ inputs: { question: 'Why?' }, format, maxRetries: 0 }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${program} was answered ${response.status}: ${text}`);
  return { id: response.headers.get('location')!.split('/').at(-1)!, whole: eventsOf(text) };
}

async function resume(url: string, id: string, after: number): Promise<StreamEvent[]> {
  const headers = { accept: 'text/event-stream', 'last-event-id': String(after) };
  const response = await fetch(`${url}/v1/executions/${id}/events`, { headers });
  return response.status === 204 ? [] : eventsOf(await response.text());
}

/** The events of a whole text of Server-Sent Events; what has no number is a sign of life. */
function eventsOf(text: string): StreamEvent[] {
  return text.split('\n\n').flatMap((block) => {
    const member = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
    const [id, type, data] = ['id', 'event', 'data'].map(member);
    if (id === undefined || type === undefined || data === undefined) return [];
    return [{ id: Number(id), type, data: JSON.parse(data) as StreamEvent['data'] }];
  });
}
