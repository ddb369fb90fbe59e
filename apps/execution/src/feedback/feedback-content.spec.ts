import { type FeedbackCreateV1 } from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';
import { parseSignature } from '@dspy-nest/signature';
import { readContent, readCorrection } from './feedback-content';

const said = (members: Partial<FeedbackCreateV1>): FeedbackCreateV1 => ({ executionId: 'x', ...members });

/** Where and why a feedback is refused. */
function faults(refused: () => unknown): string[] {
  try {
    refused();
  } catch (error) {
    if (error instanceof ValidationFailedError)
      return (error.details.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`);
    throw error;
  }
  return [];
}

describe('readContent', () => {
  it.each([
    [true, 1],
    [false, 0],
    [0.8, 0.8],
  ])('keeps the score %p as %p under the name of scores without one', (score, kept) => {
    const content = { name: 'rating', score: kept, comment: null, source: 'human', author: null };
    expect(readContent(said({ score }))).toEqual(content);
  });

  it('keeps what it is told', () => {
    const told = { name: 'tone', score: 0.5, comment: 'Too curt.', source: 'model' as const, author: 'judge' };
    expect(readContent(said(told))).toEqual(told);
  });

  it('gives no name to what has no score', () => {
    expect(readContent(said({ comment: 'Why?' })).name).toBeNull();
  });

  it.each<[string, Partial<FeedbackCreateV1>, string]>([
    ['nothing', { author: 'me' }, ' empty_feedback'],
    ['a name without a score', { name: 'tone', comment: 'Hm.' }, '/name name_without_score'],
    ['a text that cannot be stored', { comment: 'a\0b' }, '/comment invalid_text'],
  ])('refuses %s', (_, members, fault) => {
    expect(faults(() => readContent(said(members)))).toEqual([fault]);
  });
});

describe('readCorrection', () => {
  const spec = parseSignature(
    'ticket -> team: enum["billing", "shipping"], priority: int(min=1, max=3), note: string?',
  );

  it('takes some of the outputs, by their types', () => {
    expect(readCorrection(spec, { priority: '2' })).toEqual({ priority: 2 });
    expect(readCorrection(spec, { team: 'billing', note: null })).toEqual({ team: 'billing', note: null });
  });

  it('names each output that is wrong', () => {
    const correction = { team: 'sales', priority: 9, 'a/b': 1, note: 'a\0b' };
    expect(faults(() => readCorrection(spec, correction))).toEqual([
      '/correction/team invalid_value',
      '/correction/priority invalid_value',
      '/correction/a~1b unknown_field',
      '/correction/note invalid_value',
    ]);
    expect(() => readCorrection(spec, correction)).toThrow('"priority" must be int within {"min":1,"max":3}.');
  });

  it('refuses one of nothing, and one that is too large', () => {
    expect(faults(() => readCorrection(spec, {}))).toEqual(['/correction empty_correction']);
    expect(faults(() => readCorrection(spec, { note: 'x'.repeat(40_000) }))).toEqual([
      '/correction correction_too_large',
    ]);
  });
});
