import type { ProgramConfig, ProgramVersionV1 } from '@dspy-nest/contracts';
import type { SignatureSpec } from '@dspy-nest/signature';

/** One predictor of a module, as DSPy names it, and the fields of its signature in their order. */
export interface PredictorShape {
  /** The path by which DSPy's `named_predictors` names it; null when the module is the predictor itself. */
  readonly name: string | null;
  readonly fields: readonly string[];
}

/** A setting that a module cannot run with, and what to do about it. */
export interface SettingRefusal {
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** The settings that only some modules have. */
export const MODULE_SETTINGS = ['attempts', 'reward', 'threshold', 'tools', 'maxIters'] as const;
export type ModuleSetting = (typeof MODULE_SETTINGS)[number];

/** What of a program a module has to suit. */
export type ModuleOfProgram = Pick<ProgramVersionV1, 'signature' | 'module' | 'config'>;

/** A DSPy module that programs can be made of: all that the registry has to know of it. */
export interface ModuleType {
  /** Its own settings; the others of `MODULE_SETTINGS` are refused. */
  readonly settings: readonly ModuleSetting[];
  /** What a saved state of it is made of. */
  predictors(signature: SignatureSpec, config: ProgramConfig): PredictorShape[];
  /** What else of a program it cannot run with, if there is such a thing. */
  refusals?(program: ModuleOfProgram): SettingRefusal[];
}

/** The names of all fields of a signature, in the order in which DSPy keeps them. */
export function fieldNames({ inputs, outputs }: SignatureSpec): string[] {
  return [...inputs, ...outputs].map(({ name }) => name);
}
