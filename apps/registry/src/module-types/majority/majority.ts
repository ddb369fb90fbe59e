import { fieldNames, type ModuleType } from '../module-type';
import { refuseTooCold } from '../too-cold';

/** `dspy.majority` over several answers of one `dspy.Predict`. */
export const majority: ModuleType = {
  settings: ['attempts'],
  predictors: (signature) => [{ name: 'predict', fields: fieldNames(signature) }],
  refusals: refuseTooCold,
};
