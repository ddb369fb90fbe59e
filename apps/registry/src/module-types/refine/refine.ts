import { fieldNames, type ModuleType } from '../module-type';
import { refuseReward } from '../reward';
import { refuseTakenNames } from '../taken-names';
import { refuseTooCold } from '../too-cold';

/** In what DSPy tells an attempt the advice on those before. */
const HINT = 'hint_';

/** `dspy.Refine` of one `dspy.Predict`. */
export const refine: ModuleType = {
  settings: ['attempts', 'reward', 'threshold'],
  predictors: (signature) => [{ name: 'module', fields: fieldNames(signature) }],
  refusals: (program) => [...refuseReward(program), ...refuseTooCold(program), ...refuseTakenNames(program, [HINT])],
};
