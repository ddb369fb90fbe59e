import type { ModuleOfProgram, SettingRefusal } from './module-type';

/** Where DSPy itself stops taking answers to differ: it raises a temperature up to this when it asks for several. */
const TOO_COLD = 0.15;

/** Refuses a temperature at which the answers that a module compares would all be equal. */
export function refuseTooCold({ module, config: { temperature } }: ModuleOfProgram): SettingRefusal[] {
  if (temperature === undefined || temperature > TOO_COLD) return [];
  const message = `temperature must be above ${TOO_COLD} for ${module}: there is nothing to choose among equal answers.`;
  const hint = `Leave temperature out, which takes that of DSPy, or set it above ${TOO_COLD}.`;
  return [{ pointer: '/config/temperature', code: 'temperature_too_low', message, hint }];
}
