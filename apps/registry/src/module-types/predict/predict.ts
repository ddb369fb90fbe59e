import { fieldNames, refuseAttempts, type ModuleType } from '../module-type';

/** `dspy.Predict`. */
export const predict: ModuleType = {
  predictors: (signature) => [{ name: null, fields: fieldNames(signature) }],
  refusals: refuseAttempts,
};
