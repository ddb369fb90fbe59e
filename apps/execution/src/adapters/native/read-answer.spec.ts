import { parseSignature } from '@dspy-nest/signature';
import { readAnswer, UnreadableAnswer } from './read-answer';

const { outputs } = parseSignature('a -> label: enum["yes", "no"], score: float?', { name: 'Read' });

describe('readAnswer', () => {
  it.each([
    ['JSON', '{"label": "yes", "score": 1.5}', false],
    ['a fence', 'Here it is:\n```json\n{"label": "yes", "score": 1.5}\n```', true],
    ['a trailing comma', '{"label": "yes", "score": 1.5,}', true],
  ])('reads %s', (_what, text, isMended) => {
    expect(readAnswer(text, outputs, false)).toEqual({
      outputs: { label: 'yes', score: 1.5 },
      isMended,
      coercions: [],
    });
  });

  it('has null for an optional output that is absent, and leaves out what was not asked for', () => {
    expect(readAnswer('{"label": "no", "more": 1}', outputs, false).outputs).toEqual({ label: 'no', score: null });
  });

  it('mends values and tells it, unless they are to be strict', () => {
    const text = '{"label": "YES", "score": "2"}';
    const { coercions, outputs: values } = readAnswer(text, outputs, false);
    expect(values).toEqual({ label: 'yes', score: 2 });
    expect(coercions.map(({ pointer, rule }) => [pointer, rule])).toEqual([
      ['/outputs/label', 'enum_member'],
      ['/outputs/score', 'number_from_text'],
    ]);
    expect(() => readAnswer(text, outputs, true)).toThrow('"label" cannot be "YES"');
  });

  it.each([
    ['no object', 'I do not know.', 'no value for the output "label"'],
    ['a missing output', '{"score": 1}', 'no value for the output "label"'],
    ['a wrong value', '{"label": "maybe"}', 'The output "label" cannot be "maybe"'],
  ])('refuses %s', (_what, text, message) => {
    expect(() => readAnswer(text, outputs, false)).toThrow(message);
  });

  it.each([
    ['string', String.raw`"a\u0000b"`],
    ['string', String.raw`"\ud800"`],
    ['json', String.raw`[{"more": "a\u0000b"}]`],
    ['json', String.raw`{"\ud800": 1}`],
    ['dict[string, int]', String.raw`{"a\u0000b": 1}`],
  ])('refuses for a %s %s, which cannot be stored', (type, value) => {
    const { outputs: said } = parseSignature(`a -> said: ${type}`, { name: 'Said' });
    expect(() => readAnswer(`{"said": ${value}}`, said, false)).toThrow(UnreadableAnswer);
  });
});
