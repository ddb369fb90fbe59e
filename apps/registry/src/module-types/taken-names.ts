import { fieldNames, type ModuleOfProgram, type SettingRefusal } from './module-type';

/** Refuses fields of a signature with the names of those that DSPy's module adds to it. */
export function refuseTakenNames({ module, signature }: ModuleOfProgram, taken: readonly string[]): SettingRefusal[] {
  return fieldNames(signature)
    .filter((name) => taken.includes(name))
    .map((name) => ({
      pointer: '/signature',
      code: 'field_name_taken',
      message: `${module} adds a field "${name}" of its own, which the signature has too.`,
      hint: `Rename "${name}" in the signature, or choose another module.`,
    }));
}
