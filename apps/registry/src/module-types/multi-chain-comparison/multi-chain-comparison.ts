import { ATTEMPTS_DEFAULT, type ProgramConfig } from '@dspy-nest/contracts';
import type { SignatureSpec } from '@dspy-nest/signature';
import { reasoningFields } from '../chain-of-thought/chain-of-thought';
import { fieldNames, type ModuleOfProgram, type ModuleType, type SettingRefusal } from '../module-type';
import { refuseTooCold } from '../too-cold';

const RATIONALE = 'rationale';

/** `dspy.MultiChainComparison` of the answers of one `dspy.ChainOfThought`. */
export const multiChainComparison: ModuleType = {
  settings: ['attempts'],
  predictors: (signature, config) => [
    { name: 'attempt.predict', fields: reasoningFields(signature) },
    { name: 'compare.predict', fields: comparedFields(signature, config) },
  ],
  refusals: (program) => [...refuseTooCold(program), ...refuseTakenNames(program)],
};

/** The fields of a signature with what DSPy adds: the attempts behind the inputs, the rationale before the outputs. */
function comparedFields({ inputs, outputs }: SignatureSpec, config: ProgramConfig): string[] {
  const [given, asked] = [inputs, outputs].map((fields) => fields.map(({ name }) => name));
  return [...given!, ...attemptNames(config), RATIONALE, ...asked!];
}

function attemptNames({ attempts = ATTEMPTS_DEFAULT }: ProgramConfig): string[] {
  return Array.from({ length: attempts }, (_, index) => `reasoning_attempt_${index + 1}`);
}

function refuseTakenNames({ signature, config }: ModuleOfProgram): SettingRefusal[] {
  const taken = [RATIONALE, ...attemptNames(config)];
  return fieldNames(signature)
    .filter((name) => taken.includes(name))
    .map((name) => ({
      pointer: '/signature',
      code: 'field_name_taken',
      message: `MultiChainComparison adds a field "${name}" of its own, which the signature has too.`,
      hint: `Rename "${name}" in the signature, or choose another module.`,
    }));
}
