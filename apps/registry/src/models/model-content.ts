import type { ModelCapabilities, ModelCreateV1, ModelPricing, ModelV1 } from '@dspy-nest/contracts';
import { checkStorable, ValidationFailedError } from '@dspy-nest/platform';
import { canonicalJson } from '@dspy-nest/signature';

/** All that a model says beside its name; the key is in clear and lives in memory only. */
export interface ModelContent {
  model: string;
  baseUrl: string;
  apiKey: string | null;
  format: ModelV1['format'];
  pricing: ModelPricing | null;
  capabilities: ModelCapabilities;
}

/** What can be left out when a model is made: chat form, unknown prices, no more than plain chat. */
const INITIAL: Omit<ModelContent, 'model' | 'baseUrl'> = {
  apiKey: null,
  format: 'chat',
  pricing: null,
  capabilities: { grammar: false, jsonSchema: false },
};

/** The content of a new model; throws ValidationFailedError. */
export function newModelContent(request: Omit<ModelCreateV1, 'name'>): ModelContent {
  return changedModelContent(request, { ...INITIAL, model: request.model, baseUrl: request.baseUrl });
}

/** What a request makes of the content so far; null takes a key or a price away. Throws as newModelContent. */
export function changedModelContent(
  request: Partial<Omit<ModelCreateV1, 'name'>>,
  current: ModelContent,
): ModelContent {
  const content: ModelContent = {
    model: request.model ?? current.model,
    baseUrl: request.baseUrl ?? current.baseUrl,
    apiKey: request.apiKey === undefined ? current.apiKey : request.apiKey,
    format: concreteFormat(request.format ?? current.format),
    pricing: request.pricing === undefined ? current.pricing : request.pricing,
    capabilities: { ...current.capabilities, ...request.capabilities },
  };
  checkStorable({ model: content.model, baseUrl: content.baseUrl });
  checkBaseUrl(content.baseUrl);
  return content;
}

/** Whether two contents say the same, so that the version stays. */
export function sameModelContent(one: ModelContent, other: ModelContent): boolean {
  return canonicalJson({ ...one }) === canonicalJson({ ...other });
}

/** A model says what `auto` means, so it cannot itself be `auto`: that is taken as the usual form. */
function concreteFormat(format: ModelV1['format']): ModelV1['format'] {
  return format === 'auto' ? 'chat' : format;
}

/** Credentials in a URL would be shown to everybody who may read the model. */
function checkBaseUrl(baseUrl: string): void {
  const { protocol, username, password } = new URL(baseUrl);
  const rule =
    protocol !== 'http:' && protocol !== 'https:'
      ? 'The base URL of a model starts with http:// or https://.'
      : username !== '' || password !== ''
        ? 'The base URL of a model must not hold a user or password; give the key as "apiKey", which is never shown.'
        : null;
  if (rule !== null) {
    throw new ValidationFailedError(rule, [{ pointer: '/baseUrl', code: 'invalid_base_url', message: rule }]);
  }
}
