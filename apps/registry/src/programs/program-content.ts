import { createHash } from 'node:crypto';
import type { ProgramCreateV1, ProgramVersionV1 } from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';
import { canonicalJson } from '@dspy-nest/signature';

/** All that a version of a program says beside its signature. */
export interface ProgramContent extends Pick<
  ProgramVersionV1,
  'module' | 'model' | 'adapter' | 'format' | 'config' | 'state'
> {
  description: string | null;
}

const INITIAL: ProgramContent = {
  description: null,
  module: 'Predict',
  model: null,
  adapter: 'auto',
  format: 'auto',
  config: {},
  state: null,
};

/** What a request makes of the content so far; throws ValidationFailedError on what cannot run. */
export function programContent(
  request: Omit<Partial<ProgramCreateV1>, 'name' | 'signature'> & { state?: ProgramContent['state'] },
  current: ProgramContent = INITIAL,
): ProgramContent {
  const content: ProgramContent = {
    description: request.description ?? current.description,
    module: request.module ?? current.module,
    model: request.model === undefined ? current.model : request.model,
    adapter: request.adapter ?? current.adapter,
    format: request.format ?? current.format,
    config: request.config ?? current.config,
    state: request.state === undefined ? current.state : request.state,
  };
  if (content.adapter === 'router' && content.config.models === undefined) throw nothingToChooseFrom();
  return content;
}

/** The models that a program asks for; they stay as long as it does. */
export function namedModels({ model, config }: Pick<ProgramContent, 'model' | 'config'>): string[] {
  return [...new Set([...(model === null ? [] : [model]), ...(config.models ?? [])])].sort();
}

function nothingToChooseFrom(): ValidationFailedError {
  const message = 'The adapter "router" needs models to choose from: name them in "config.models".';
  return new ValidationFailedError(message, [{ pointer: '/config/models', code: 'no_models', message }]);
}

/**
 * SHA-256 (hex) of the RFC 8785 form of what a worker builds and keeps. What comes with each job is not in it: model, format,
 * clocks, retries, recording. Nor is how answers are checked, which a worker reads in the version itself.
 */
export function programHash(signatureHash: string, { module, config, state }: ProgramContent): string {
  const { temperature, maxTokens, topP, attempts, reward, threshold, tools, maxIters } = config;
  const built = { temperature, maxTokens, topP, attempts, reward, threshold, tools, maxIters };
  return createHash('sha256')
    .update(canonicalJson({ signature: signatureHash, module, config: built, state }))
    .digest('hex');
}

/** Whether two contents say the same, so that no new version is due. */
export function sameProgramContent(one: ProgramContent, other: ProgramContent): boolean {
  return canonicalJson(pickContent(one)) === canonicalJson(pickContent(other));
}

/** The content alone of something that has more, such as a row. */
export function pickContent(row: ProgramContent): ProgramContent {
  const { description, module, model, adapter, format, config, state } = row;
  return { description, module, model, adapter, format, config, state };
}
