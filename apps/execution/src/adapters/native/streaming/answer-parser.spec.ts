import type { StreamedEventV1 } from '@dspy-nest/contracts';
import { parseSignature } from '@dspy-nest/signature';
import { AnswerParser } from './answer-parser';
import { streamedFields } from './streamed-fields';

const { outputs } = parseSignature(
  'q -> answer: string(maxLength=90), note: string?, steps: reasoning, tags: list[string], by: dict[string, int], score: int',
  { name: 'Streamed' },
);
const fields = streamedFields(outputs);

/** What is told of an answer that comes in these pieces: the texts as they add up, and the parts. */
function told(pieces: readonly string[]): { texts: Record<string, string>; parts: unknown[] } {
  const parser = new AnswerParser(fields);
  const events: StreamedEventV1[] = [...pieces.flatMap((piece) => parser.feed(piece)), ...parser.close()];
  const texts: Record<string, string> = {};
  const parts: unknown[] = [];
  for (const { type, field = '', delta = '', pointer, value } of events) {
    if (type === 'token') texts[field] = (texts[field] ?? '') + delta;
    else parts.push([field, pointer, value]);
    expect(delta.isWellFormed()).toBe(true);
  }
  return { texts, parts };
}

const VALUES = {
  answer: 'He said "no\\",\n\tnever\\\\ \u{1F600} é 日本',
  note: null,
  steps: ['a "b"', 'c\\'],
  tags: ['x', '[y]', '{'],
  by: { 'a/b~': 1, c: 2 },
  score: 4,
};
const ALL_TOLD = {
  texts: { answer: VALUES.answer },
  parts: [
    ['steps', '/0', 'a "b"'],
    ['steps', '/1', 'c\\'],
    ['tags', '/0', 'x'],
    ['tags', '/1', '[y]'],
    ['tags', '/2', '{'],
    ['by', '/a~1b~0', 1],
    ['by', '/c', 2],
  ],
};
const ascii = (text: string): string =>
  text.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

describe('AnswerParser', () => {
  it.each([
    ['JSON', JSON.stringify(VALUES)],
    ['indented JSON', JSON.stringify(VALUES, null, 2)],
    ['JSON with escapes', ascii(JSON.stringify(VALUES))],
    ['a fence', `Here: {}\n\`\`\`json\n${JSON.stringify(VALUES)}\n\`\`\``],
  ])('tells the same of %s, wherever it is parted', (_what, text) => {
    expect(told([text])).toEqual(ALL_TOLD);
    expect(told(text.split(''))).toEqual(ALL_TOLD);
    for (let at = 1; at < text.length; at += 1) expect(told([text.slice(0, at), text.slice(at)])).toEqual(ALL_TOLD);
  });

  it('tells a text at once, and what cannot be read yet when it can be', () => {
    const parser = new AnswerParser(fields);
    const deltas = ['{"answer": "Be', 'cause\\', 'nit', '\\ud83d', '\\ude00', '"'].map((piece) =>
      parser.feed(piece).map(({ delta }) => delta),
    );
    expect(deltas).toEqual([['Be'], ['cause'], ['\nit'], [], ['\u{1F600}'], []]);
  });

  it.each([
    ['no object', 'none', {}],
    ['another type', '{"answer": ["a"], "tags": "b"}', {}],
    ['an output twice', '{"answer": "a", "answer": "b"}', { answer: 'a' }],
    ['a quote that is not escaped', '{"answer": "a "b" c", "score": 1}', { answer: 'a "b" c' }],
    ['an answer that is broken off', '{"answer": "a", "note": "b', { answer: 'a', note: 'b' }],
    ['what no store takes', '{"answer": "a\\u0000\\ud800b"}', { answer: 'a\uFFFD\uFFFDb' }],
    ['no JSON', '{answer: "a"}', {}],
  ])('makes the best of %s', (_what, text, texts) => {
    expect(told([text])).toEqual({ texts, parts: [] });
    expect(told(text.split(''))).toEqual({ texts, parts: [] });
  });
});
