import type { SignatureSpec } from '@dspy-nest/signature';
import type { ModuleType } from '../module-type';

const REASONING = 'reasoning';

/** `dspy.ChainOfThought`. */
export const chainOfThought: ModuleType = {
  settings: [],
  predictors: (signature) => [{ name: 'predict', fields: reasoningFields(signature) }],
};

/** The fields of a signature with the reasoning before the outputs, also when it is declared elsewhere among them. */
export function reasoningFields({ inputs, outputs }: SignatureSpec): string[] {
  const others = outputs.map(({ name }) => name).filter((name) => name !== REASONING);
  return [...inputs.map(({ name }) => name), REASONING, ...others];
}
