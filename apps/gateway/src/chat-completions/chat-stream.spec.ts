import type { ExecutionEventV1, ExecutionV1 } from '@dspy-nest/contracts';
import { EXECUTION_EXAMPLE } from '../docs/examples';
import { ExecutionNotSucceededError } from '../executions/executions.errors';
import type { SseEvent } from '../streams/sse-body';
import { ChatStream } from './chat-stream';

const settings = {
  id: 'id',
  created: 1,
  model: 'qa@1',
  wantsUsage: false,
  contentOf: (outputs: object) => (outputs as { answer: string }).answer,
};
const token = (delta: string, field = 'answer'): Partial<ExecutionEventV1> => ({ type: 'token', field, delta });
const restarted = { type: 'restarted' } as const;
const outputs = (answer: string): Partial<ExecutionEventV1> => ({ type: 'outputs', outputs: { answer } });
const succeeded = { type: 'succeeded', execution: EXECUTION_EXAMPLE as ExecutionV1 } as const;
const failed = { type: 'failed', execution: { ...EXECUTION_EXAMPLE, status: 'failed' } as ExecutionV1 } as const;

/** The texts that a client sees, `error:` and the code of an error, `.` for the end of the answer. */
function seen(events: readonly Partial<ExecutionEventV1>[], field: string | undefined = 'answer'): string[] {
  const stream = new ChatStream({ ...settings, field });
  return events.flatMap((event) => stream.hear(event as ExecutionEventV1).map(toText));
}

function toText(event: SseEvent): string {
  const data = 'data' in event ? event.data : undefined;
  if (data === '[DONE]') return 'done';
  const { error, choices } = JSON.parse(String(data)) as {
    error?: { code: string };
    choices?: { delta: { content?: string } }[];
  };
  return error === undefined ? (choices?.[0]?.delta.content ?? '.') : `error:${error.code}`;
}

describe('the answer of a chat in pieces', () => {
  it.each([
    ['as it comes', [token('Be'), token('cause'), outputs('Because'), succeeded], ['', 'Be', 'cause', '.', 'done']],
    [
      'without what is told of other fields',
      [token('x', 'reasoning'), outputs('a'), succeeded],
      ['', 'a', '.', 'done'],
    ],
    ['with its last part, if that was not told', [token('a'), outputs('ab'), succeeded], ['', 'a', 'b', '.', 'done']],
    [
      'going on after a restart where the text is the same',
      [token('ab'), restarted, token('a'), token('bc'), outputs('abc'), succeeded],
      ['', 'ab', 'c', '.', 'done'],
    ],
    [
      'ending in an error where it is not',
      [token('ab'), restarted, token('xy'), outputs('xy'), succeeded],
      ['', 'ab', 'error:output_invalid'],
    ],
  ])('is told %s', (_how, events, expected) => {
    expect(seen(events)).toEqual(expected);
  });

  it('is told whole where no field is told as it comes', () => {
    expect(seen([token('a'), outputs('a'), succeeded], '-')).toEqual(['', 'a', '.', 'done']);
  });

  it('ends as an error that has a status before there is text, and in the stream after it', () => {
    expect(() => seen([failed])).toThrow(ExecutionNotSucceededError);
    expect(seen([token('a'), failed])).toEqual(['', 'a', expect.stringMatching(/^error:/)]);
  });
});
