import { ValidationFailedError } from '@dspy-nest/platform';
import { MODULE_SETTINGS, type ModuleOfProgram, type SettingRefusal } from './module-type';
import { MODULE_TYPES } from './module-types';

/** Throws ValidationFailedError with everything in the settings of a program that its module cannot run with. */
export function checkModuleSettings(program: ModuleOfProgram): void {
  const refusals = [...foreignSettings(program), ...(MODULE_TYPES[program.module].refusals?.(program) ?? [])];
  if (refusals.length === 0) return;
  throw new ValidationFailedError(`The settings do not suit the module ${program.module}.`, refusals);
}

function foreignSettings({ module, config }: ModuleOfProgram): SettingRefusal[] {
  const own = MODULE_TYPES[module].settings;
  return MODULE_SETTINGS.filter((setting) => config[setting] !== undefined && !own.includes(setting)).map((setting) => {
    const owners = Object.entries(MODULE_TYPES).filter(([, { settings }]) => settings.includes(setting));
    const names = owners.map(([name]) => name).join(', ');
    return {
      pointer: `/config/${setting}`,
      code: 'setting_not_of_module',
      message: `${setting} is a setting of ${names}; ${module} has no use for it.`,
      hint: `Leave ${setting} out, or choose a module that has it.`,
    };
  });
}
