import { z } from 'zod';
import type { ProgramV1 } from '@dspy-nest/contracts';
import { versionedName } from './model-name';

const UnixSeconds = z.int().meta({ description: 'Unix time in seconds.' });

/** A program as OpenAI's clients read a model. */
export const OpenAiModel = z.object({
  id: z.string().meta({ examples: ['route-ticket', 'route-ticket@2'] }),
  object: z.literal('model'),
  created: UnixSeconds,
  owned_by: z.literal('dspy-nest'),
});
export type OpenAiModel = z.infer<typeof OpenAiModel>;

/** All models. */
export const OpenAiModelList = z.object({ object: z.literal('list'), data: z.array(OpenAiModel) });
export type OpenAiModelList = z.infer<typeof OpenAiModelList>;

/** A time as OpenAI writes it. */
export const toUnixSeconds = (time: string): number => Math.floor(Date.parse(time) / 1_000);

/** A program under its name alone: whatever version is published. */
export function publishedModel({ name, createdAt }: ProgramV1): OpenAiModel {
  return toModel(name, createdAt);
}

/** A program in the version that was read. */
export function versionModel({ name, version, updatedAt }: ProgramV1): OpenAiModel {
  return toModel(versionedName(name, version), updatedAt);
}

function toModel(id: string, time: string): OpenAiModel {
  return { id, object: 'model', created: toUnixSeconds(time), owned_by: 'dspy-nest' };
}
