import type { ProgramConfig } from '@dspy-nest/contracts';
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

/** A DSPy module that programs can be made of: all that the registry has to know of it. */
export interface ModuleType {
  /** What a saved state of it is made of. */
  predictors(signature: SignatureSpec): PredictorShape[];
  /** What of a program's settings it cannot run with. */
  refusals(config: ProgramConfig): SettingRefusal[];
}

/** The names of all fields of a signature, in the order in which DSPy keeps them. */
export function fieldNames({ inputs, outputs }: SignatureSpec): string[] {
  return [...inputs, ...outputs].map(({ name }) => name);
}

/** What a module that asks for one answer refuses. */
export function refuseAttempts({ attempts }: ProgramConfig): SettingRefusal[] {
  if (attempts === undefined) return [];
  const message = 'attempts is a setting of the module Majority; this module asks for one answer.';
  const hint = 'Leave attempts out, or set module to "Majority".';
  return [{ pointer: '/config/attempts', code: 'setting_not_of_module', message, hint }];
}
