import { fieldNames, type ModuleType } from '../module-type';

/** Where DSPy itself stops taking answers to differ: it raises a temperature up to this when it asks for several. */
const TOO_COLD = 0.15;

/** `dspy.majority` over several answers of one `dspy.Predict`. */
export const majority: ModuleType = {
  predictors: (signature) => [{ name: 'predict', fields: fieldNames(signature) }],
  refusals: ({ temperature }) => {
    if (temperature === undefined || temperature > TOO_COLD) return [];
    const message = `temperature must be above ${TOO_COLD} for Majority: a vote among equal answers decides nothing.`;
    const hint = 'Leave temperature out, which means 0.7, or set it above 0.15.';
    return [{ pointer: '/config/temperature', code: 'temperature_too_low', message, hint }];
  },
};
