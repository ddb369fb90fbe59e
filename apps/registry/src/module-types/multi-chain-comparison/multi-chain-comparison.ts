import { ATTEMPTS_DEFAULT, type ProgramConfig } from '@dspy-nest/contracts';
import type { SignatureSpec } from '@dspy-nest/signature';
import { reasoningFields } from '../chain-of-thought/chain-of-thought';
import type { ModuleType } from '../module-type';
import { refuseTakenNames } from '../taken-names';
import { refuseTooCold } from '../too-cold';

const RATIONALE = 'rationale';

/** `dspy.MultiChainComparison` of the answers of one `dspy.ChainOfThought`. */
export const multiChainComparison: ModuleType = {
  settings: ['attempts'],
  predictors: (signature, config) => [
    { name: 'attempt.predict', fields: reasoningFields(signature) },
    { name: 'compare.predict', fields: comparedFields(signature, config) },
  ],
  refusals: (program) => [
    ...refuseTooCold(program),
    ...refuseTakenNames(program, [RATIONALE, ...attemptNames(program.config)]),
  ],
};

/** The fields of a signature with what DSPy adds: the attempts behind the inputs, the rationale before the outputs. */
function comparedFields({ inputs, outputs }: SignatureSpec, config: ProgramConfig): string[] {
  const [given, asked] = [inputs, outputs].map((fields) => fields.map(({ name }) => name));
  return [...given!, ...attemptNames(config), RATIONALE, ...asked!];
}

function attemptNames({ attempts = ATTEMPTS_DEFAULT }: ProgramConfig): string[] {
  return Array.from({ length: attempts }, (_, index) => `reasoning_attempt_${index + 1}`);
}
