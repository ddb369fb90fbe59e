import { programVersion, signatureSpec } from '@dspy-nest/testing';
import { scoreField, scoreOf } from './judge-score';

const judge = (outputs: string, module: 'Predict' | 'ChainOfThought' = 'Predict') =>
  programVersion({ signature: signatureSpec(`reply: string -> ${outputs}`), module });

describe('the score of a judge', () => {
  it.each([
    ['verdict: string, sure: probability', undefined, 'sure'],
    ['sure: probability, score: int(min=1, max=5)', undefined, 'score'],
    ['good: bool, sure: probability', 'good', 'good'],
    ['good: bool, sure: probability', undefined, undefined],
    ['score: float', undefined, undefined],
    ['verdict: string', 'verdict', undefined],
  ])('of "%s" named %s is %s', (outputs, name, expected) => {
    expect(scoreField(judge(outputs), name)?.name).toBe(expected);
    expect(scoreField(judge(outputs, 'ChainOfThought'), name)?.name).toBe(expected);
  });

  it.each([
    ['score: int(min=1, max=5)', 4, 0.75],
    ['score: float(min=0, max=10)', 12, 1],
    ['score: probability', 0.3, 0.3],
    ['score: bool', true, 1],
    ['score: bool', false, 0],
    ['score: probability?', null, null],
  ])('"%s" of %s is %s', (outputs, value, expected) => {
    expect(scoreOf(scoreField(judge(outputs))!, value)).toBe(expected);
  });
});
