import { createHash } from 'node:crypto';
import { canonicalJson } from '@dspy-nest/signature';
import type { ExecutionEntity } from '../executions/execution.entity';

/** What an answer depends on. */
export type Question = Pick<
  ExecutionEntity,
  'tenant' | 'programHash' | 'modelId' | 'modelVersion' | 'adapter' | 'format' | 'ensemble' | 'inputs'
>;

/**
 * Names a question: equal for executions whose answers may stand for each other, as lower-case hexadecimal SHA-256. The hash
 * of a program version covers its signature, module, settings and state, the version of a model all that is told to it. Clocks
 * and retries are no part of it: they decide whether there is an answer, not which.
 */
export function answerKey(question: Question): string {
  const { tenant, programHash, modelId, modelVersion, adapter, format, ensemble, inputs } = question;
  const parts = [tenant, programHash, modelId, modelVersion, adapter, format, inputs, ...(ensemble ? [ensemble] : [])];
  return createHash('sha256').update(canonicalJson(parts)).digest('hex');
}
