import type { Field, SignatureSpec } from './spec';

const chainOfThoughtReasoning: Field = { name: 'reasoning', type: 'reasoning', optional: false };

/** The outputs an execution answers with: ChainOfThought puts a `reasoning` first unless the signature declares one. */
export function executedOutputs({ outputs }: Pick<SignatureSpec, 'outputs'>, module: string): Field[] {
  const adds = module === 'ChainOfThought' && outputs.every((field) => field.name !== 'reasoning');
  return adds ? [{ ...chainOfThoughtReasoning }, ...outputs] : [...outputs];
}
