import { fieldNames, type ModuleType } from '../module-type';

/** `dspy.Predict`. */
export const predict: ModuleType = {
  settings: [],
  predictors: (signature) => [{ name: null, fields: fieldNames(signature) }],
};
