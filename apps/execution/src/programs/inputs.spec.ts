import { parseSignature } from '@dspy-nest/signature';
import { compileInputsCheck } from './inputs';
import { InvalidInputsError } from './programs.errors';

const check = compileInputsCheck(
  parseSignature('question: string, documents: list[string], tone: enum["kind", "terse"]? -> answer: string', {
    name: 'Qa',
  }),
);
const good = { question: 'Why?', documents: ['a'] };

function errorsOf(inputs: Record<string, unknown>): { pointer: string; code: string; message: string }[] {
  try {
    check(inputs);
  } catch (error) {
    if (error instanceof InvalidInputsError)
      return (error.details.errors ?? []).map(({ pointer, code, message }) => ({ pointer, code, message }));
    throw error;
  }
  return [];
}

describe('compileInputsCheck', () => {
  it('takes what fits, an optional input absent or null', () => {
    expect(errorsOf(good)).toEqual([]);
    expect(errorsOf({ ...good, tone: null })).toEqual([]);
    expect(errorsOf({ ...good, tone: 'kind' })).toEqual([]);
  });

  it('names each missing input', () => {
    expect(errorsOf({})).toEqual([
      { pointer: '/inputs/question', code: 'missing', message: 'Input "question" is missing.' },
      { pointer: '/inputs/documents', code: 'missing', message: 'Input "documents" is missing.' },
    ]);
  });

  it('names what is no input', () => {
    expect(errorsOf({ ...good, 'a/b': 1 })).toEqual([
      { pointer: '/inputs/a~1b', code: 'unexpected', message: '"a/b" is no input of Qa.' },
    ]);
  });

  it('does not turn a value of a wrong type into a right one', () => {
    expect(errorsOf({ ...good, question: 5 })).toMatchObject([{ pointer: '/inputs/question', code: 'wrong_type' }]);
    expect(errorsOf({ ...good, documents: ['a', 1] })).toMatchObject([
      { pointer: '/inputs/documents/1', code: 'wrong_type' },
    ]);
  });

  it('refuses text that cannot be stored', () => {
    expect(errorsOf({ ...good, question: 'a\u0000b' })).toMatchObject([
      { pointer: '/inputs/question', code: 'unstorable_text' },
    ]);
    expect(errorsOf({ ...good, documents: ['\ud800'] })).toMatchObject([{ pointer: '/inputs/documents/0' }]);
  });

  it('looks for patterns in linear time, each its own', () => {
    const checkCode = compileInputsCheck(
      parseSignature('a: string(pattern="^(a|a)*$"), b: string(pattern="^b+$") -> c', { name: 'Codes' }),
    );
    expect(checkCode({ a: 'aa', b: 'b' }).inputs).toEqual({ a: 'aa', b: 'b' });
    expect(() => checkCode({ a: `${'a'.repeat(50)}!`, b: 'b' })).toThrow('"a" must match pattern "^(a|a)*$"');
    expect(() => checkCode({ a: 'aa', b: 'a' })).toThrow('"b" must match pattern "^b+$"');
  });

  it('tells at most 20 errors at once', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`extra${index}`, 1]));
    expect(errorsOf({ ...good, ...many })).toHaveLength(20);
  });

  it('mends nothing unless it may', () => {
    expect(errorsOf({ ...good, documents: 'a' })).toMatchObject([{ pointer: '/inputs/documents', code: 'wrong_type' }]);
  });

  it('names what is wrong within a choice by the choice, and within an optional input by its place', () => {
    const checkChoice = compileInputsCheck(
      parseSignature('a: list[int | bool], b: object{ c: int }? -> d', { name: 'Choice' }),
    );
    expect(() => checkChoice({ a: [1, 'x'], b: { c: 'y' } })).toThrow(
      expect.objectContaining({
        details: {
          errors: [
            expect.objectContaining({ pointer: '/inputs/a/1' }),
            expect.objectContaining({ pointer: '/inputs/b/c' }),
          ],
        },
      }) as Error,
    );
  });

  it('refuses an integer in any JSON that would be rounded on its way', () => {
    const checkJson = compileInputsCheck(parseSignature('a: list[json] -> b', { name: 'Any' }));
    expect(checkJson({ a: [{ id: 9_007_199_254_740_991 }, 0.1] }).coercions).toEqual([]);
    expect(() => checkJson({ a: [{ id: 2 ** 53 }] })).toThrow('"a" has an integer beyond 2^53');
  });
});

describe('compileInputsCheck with coercion', () => {
  const checkWine = compileInputsCheck(
    parseSignature('name: string, score: probability, tags: list[string](maxItems=3) -> b', { name: 'Wine' }),
    'coerce',
  );

  it('mends inputs and tells each change', () => {
    expect(checkWine({ name: 7, score: '90 %', tags: '- red\n- dry' })).toEqual({
      inputs: { name: '7', score: 0.9, tags: ['red', 'dry'] },
      coercions: [
        { pointer: '/inputs/name', from: 7, to: '7', rule: 'text_from_scalar' },
        { pointer: '/inputs/score', from: '90 %', to: 0.9, rule: 'probability_from_percent' },
        { pointer: '/inputs/tags', from: '- red\n- dry', to: ['red', 'dry'], rule: 'list_from_lines' },
      ],
    });
  });

  it('leaves right inputs as they are', () => {
    const inputs = { name: '7', score: 1, tags: [] };
    expect(checkWine({ ...inputs })).toEqual({ inputs, coercions: [] });
  });

  it('tells what is left to mend, and takes no name for another', () => {
    expect(() => checkWine({ name: 'a', score: 90, tags: ['a'], Tags: 1 })).toThrow(
      'The inputs do not fit signature Wine: "Tags" is no input of Wine. "score" must be <= 1.',
    );
  });
});
