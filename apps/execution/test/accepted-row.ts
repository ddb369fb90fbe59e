import { randomUUID } from 'node:crypto';
import { CALL_LIMITS_DEFAULT } from '@dspy-nest/contracts';
import type { ExecutionEntity } from '../src/executions/execution.entity';

/** An execution as it is right after it was accepted. */
export function acceptedRow(change: Partial<ExecutionEntity> = {}): ExecutionEntity {
  const now = new Date();
  return {
    tenant: 'default',
    id: randomUUID(),
    programId: randomUUID(),
    program: 'qa',
    version: 1,
    signature: 'Qa',
    status: 'queued',
    inputs: { question: 'Why?' },
    outputs: null,
    error: null,
    coercions: [],
    model: 'default',
    modelId: randomUUID(),
    modelVersion: 1,
    adapter: 'python',
    format: 'chat',
    pool: 'default',
    lane: 'interactive',
    programHash: 'a'.repeat(64),
    worker: null,
    attempt: 0,
    epoch: 1,
    timeoutMs: 60_000,
    limits: CALL_LIMITS_DEFAULT,
    maxRetries: 2,
    record: true,
    stream: false,
    lastSequence: null,
    deadlineAt: null,
    dispatchedAt: now,
    promptTokens: null,
    completionTokens: null,
    costUsd: null,
    totalMs: null,
    queueMs: null,
    workerMs: null,
    lmMs: null,
    parseMs: null,
    recovery: { modelRetries: 0, parseRetries: 0, repairs: 0 },
    traceparent: `00-${'b'.repeat(32)}-${'c'.repeat(16)}-01`,
    createdAt: now,
    finishedAt: null,
    ...change,
  };
}
