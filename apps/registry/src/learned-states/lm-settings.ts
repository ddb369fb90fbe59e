import type { JsonObject } from '@dspy-nest/contracts';
import { z } from 'zod';
import { below, type StateReport } from './state-report';

const NumberOrNull = z.number().nullable();
const TextOrNull = z.string().max(200).nullable();
const FlagOrNull = z.boolean().nullable();

/**
 * What is kept of the model that DSPy saves with a predictor, by name and by what it may be: settings of the sampling, and
 * what DSPy needs to make the model again. A list of what is safe, since any other member may hold a key or an address.
 */
const KEPT: Readonly<Record<string, z.ZodType>> = {
  // Another class would be imported by its name.
  _dspy_lm_class: z.literal('dspy.clients.lm.LM'),
  model: z.string().max(200),
  model_type: z.enum(['chat', 'text', 'responses']),
  engine: z.enum(['auto', 'lm15', 'litellm']),
  cache: FlagOrNull,
  use_developer_role: FlagOrNull,
  num_retries: NumberOrNull,
  temperature: NumberOrNull,
  max_tokens: NumberOrNull,
  max_completion_tokens: NumberOrNull,
  top_p: NumberOrNull,
  top_k: NumberOrNull,
  n: NumberOrNull,
  seed: NumberOrNull,
  rollout_id: NumberOrNull,
  frequency_penalty: NumberOrNull,
  presence_penalty: NumberOrNull,
  stop: z.union([z.string(), z.array(z.string())]).nullable(),
  reasoning_effort: TextOrNull,
  finetuning_model: TextOrNull,
  launch_kwargs: z.strictObject({}),
  train_kwargs: z.strictObject({}),
};

/** What DSPy gives to whoever makes the model again, whether it is kept or not. */
const EMPTY_UNLESS_KEPT = ['launch_kwargs', 'train_kwargs'];

/**
 * The settings of a saved model without keys, addresses, headers, or anything that is not known to be harmless; null when no
 * name of a model is left, without which DSPy cannot make one.
 */
export function keptLmSettings(lm: JsonObject, pointer: string, report: StateReport): JsonObject | null {
  const kept: JsonObject = {};
  for (const [name, value] of Object.entries(lm)) {
    if (Object.hasOwn(KEPT, name) && KEPT[name]!.safeParse(value).success) kept[name] = value;
    else {
      if (EMPTY_UNLESS_KEPT.includes(name)) kept[name] = {};
      const place = below(pointer, name);
      report.leaveOut(
        place,
        `"${name}" of the model was not kept: keys, addresses and headers never travel with a program. ` +
          'Which model runs it is said by "model" of the program.',
      );
    }
  }
  if (kept['model'] !== undefined) return kept;
  report.leaveOut(pointer, 'The model was not kept: it has no name, without which DSPy cannot make it again.');
  return null;
}
