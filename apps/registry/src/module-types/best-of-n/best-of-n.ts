import { fieldNames, type ModuleType } from '../module-type';
import { refuseReward } from '../reward';
import { refuseTooCold } from '../too-cold';

/** `dspy.BestOfN` of one `dspy.Predict`. */
export const bestOfN: ModuleType = {
  settings: ['attempts', 'reward', 'threshold'],
  predictors: (signature) => [{ name: 'module', fields: fieldNames(signature) }],
  refusals: (program) => [...refuseReward(program), ...refuseTooCold(program)],
};
