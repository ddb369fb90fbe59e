import type { Field, FieldType } from '@dspy-nest/signature';
import type { ModuleOfProgram, SettingRefusal } from './module-type';

const TYPES: readonly FieldType[] = ['int', 'float', 'probability', 'bool'];

/** What an output has to be of so that answers can be compared by it. */
export const COMPARABLE = 'int, float, probability or bool';

/** Refuses a reward that is missing or that is not in every answer as a number. */
export function refuseReward({ module, signature, config: { reward } }: ModuleOfProgram): SettingRefusal[] {
  const able = signature.outputs.filter(isComparable).map(({ name }) => name);
  const hint =
    able.length > 0
      ? `The signature has ${able.map((name) => `"${name}"`).join(', ')}.`
      : 'Add an output to the signature that says how good the answer is, such as "confidence: probability".';
  if (reward === undefined) {
    const message = `${module} needs a reward: the name of an output of type ${COMPARABLE}.`;
    return [{ pointer: '/config/reward', code: 'reward_missing', message, hint }];
  }
  if (able.includes(reward.field)) return [];
  const message = `"${reward.field}" cannot be the reward: it must be an output of type ${COMPARABLE} that is not optional.`;
  return [{ pointer: '/config/reward/field', code: 'no_reward', message, hint }];
}

/** Whether an output is in every answer as a number. */
export function isComparable({ type, optional }: Field): boolean {
  return !optional && TYPES.includes(type);
}
