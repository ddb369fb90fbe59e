import type { RegistrySettings } from '../registry.settings';
import { newModelContent, type ModelContent } from './model-content';

/** The wire name of the model that comes with the platform. */
const BUNDLED_MODEL = 'smollm2-135m-instruct';
/** As many as its server has slots (`PARALLEL_CALLS` of `local_model`). */
const BUNDLED_PARALLEL_CALLS = 4;

/**
 * What the environment says of the model `default`: the operator's endpoint, else the bundled model, else null. The bundled
 * one answers in text-completion form only, takes a grammar and a JSON Schema, answers few at once, and costs nothing.
 */
export function environmentModel(settings: RegistrySettings): ModelContent | null {
  if (settings.DSPY_NEST_LM_BASE_URL !== undefined && settings.DSPY_NEST_LM_MODEL !== undefined) {
    return newModelContent({
      model: settings.DSPY_NEST_LM_MODEL,
      baseUrl: settings.DSPY_NEST_LM_BASE_URL,
      apiKey: settings.DSPY_NEST_LM_API_KEY,
    });
  }
  if (settings.DSPY_NEST_LOCAL_MODEL_URL === undefined) return null;
  return newModelContent({
    model: BUNDLED_MODEL,
    baseUrl: settings.DSPY_NEST_LOCAL_MODEL_URL,
    format: 'completion',
    pricing: { inputPerMillionUsd: 0, outputPerMillionUsd: 0 },
    capabilities: { grammar: true, jsonSchema: true, parallelCalls: BUNDLED_PARALLEL_CALLS },
  });
}
