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

  it('tells at most 20 errors at once', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`extra${index}`, 1]));
    expect(errorsOf({ ...good, ...many })).toHaveLength(20);
  });
});
