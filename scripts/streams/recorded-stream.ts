import { readFileSync } from 'node:fs';

/** What is told of an execution besides its beginning and end: its type, and what it carries. */
export type ToldStep = readonly [type: string, ...carried: unknown[]];

/** A program asked in a format: the tokens of each answer of the model, what is told of them, and what comes of them. */
export interface RecordedStream {
  readonly program: string;
  readonly format: string;
  readonly answers: readonly (readonly string[])[];
  readonly told: readonly ToldStep[];
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** The programs that were recorded, in the signature language: each output type is there. */
export const PROGRAMS: readonly { readonly name: string; readonly signature: string; readonly module?: string }[] = [
  { name: 'qa', signature: 'question -> answer' },
  { name: 'summary', signature: 'question -> title: string(maxLength=80), body, note: string?' },
  { name: 'numbers', signature: 'question -> count: int, mean: float, sure: probability, unit' },
  { name: 'sentiment', signature: 'question -> label: enum["positive", "negative"], why' },
  { name: 'contact', signature: 'question -> email: email, site: url, since: date, seen: datetime, name' },
  { name: 'tags', signature: 'question -> tags: list[string], best' },
  { name: 'people', signature: 'question -> people: list[object{ name: string, age: int }]' },
  { name: 'scores', signature: 'question -> scores: dict[string, float], ok: bool' },
  {
    name: 'order',
    signature:
      'question -> order: object{ id: string, lines: list[string] }, data: json, photo: image, either: int | bool',
  },
  { name: 'capital', signature: 'question -> answer', module: 'ChainOfThought' },
];

/** The recordings that the parsers of the worker are tested by, too. */
export function readRecordedStreams(): RecordedStream[] {
  const text = readFileSync('python-worker/tests/runtime/streaming/golden.json', 'utf8');
  return JSON.parse(text) as RecordedStream[];
}
