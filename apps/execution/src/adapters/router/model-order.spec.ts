import type { ModelV1 } from '@dspy-nest/contracts';
import { modelsInOrder, type ModelState } from './model-order';

const model = (name: string, inputPerMillionUsd: number): ModelV1 =>
  ({ name, pricing: { inputPerMillionUsd, outputPerMillionUsd: 1 } }) as ModelV1;
const MODELS = [model('dear', 9), model('middle', 5), model('cheap', 1)];

function orderOf(states: Record<string, Partial<ModelState>>, maxP95Ms?: number): string[] {
  const stateOf = ({ name }: ModelV1): ModelState => ({ isWell: true, p95Ms: undefined, ...states[name] });
  return modelsInOrder(MODELS, stateOf, maxP95Ms).map(({ name }) => name);
}

describe('modelsInOrder', () => {
  it('goes by the price', () => {
    expect(orderOf({})).toEqual(['cheap', 'middle', 'dear']);
    expect(orderOf({ cheap: { p95Ms: 60_000 } })).toEqual(['cheap', 'middle', 'dear']);
  });

  it('leaves out what is not well, unless nothing is', () => {
    expect(orderOf({ cheap: { isWell: false } })).toEqual(['middle', 'dear']);
    const down = { isWell: false };
    expect(orderOf({ cheap: down, middle: down, dear: down }, 10)).toEqual(['cheap']);
  });

  it('puts those last that are too slow, the quickest of them first', () => {
    const states = { cheap: { p95Ms: 900 }, middle: { p95Ms: 501 }, dear: { p95Ms: 500 } };
    expect(orderOf(states, 500)).toEqual(['dear', 'middle', 'cheap']);
    expect(orderOf(states, 100)).toEqual(['dear', 'middle', 'cheap']);
    expect(orderOf({ ...states, middle: {} }, 500)).toEqual(['middle', 'dear', 'cheap']);
  });
});
