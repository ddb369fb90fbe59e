import type { SignatureSpec } from '@dspy-nest/signature';

/** One predictor of a module, as DSPy names it, and the fields of its signature in their order. */
export interface PredictorShape {
  /** The path by which DSPy's `named_predictors` names it; null when the module is the predictor itself. */
  readonly name: string | null;
  readonly fields: readonly string[];
}

/** A DSPy module that programs can be made of: all that the registry has to know of it. */
export interface ModuleType {
  /** What a saved state of it is made of. */
  predictors(signature: SignatureSpec): PredictorShape[];
}

/** The names of all fields of a signature, in the order in which DSPy keeps them. */
export function fieldNames({ inputs, outputs }: SignatureSpec): string[] {
  return [...inputs, ...outputs].map(({ name }) => name);
}
