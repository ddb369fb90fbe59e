import { createHash, randomUUID } from 'node:crypto';
import {
  CALL_LIMITS_DEFAULT,
  type CloudEvent,
  type ExecutionCreateV1,
  type ExecutionRunV1,
  type ModelConnectionV1,
  type ProgramVersionV1,
} from '@dspy-nest/contracts';
import { canonicalJson, parseSignature, type ParseOptions, type SignatureSpec } from '@dspy-nest/signature';

const TIMEOUT_MS = 60_000;

/** The spec of a definition, with its true hash. */
export function signatureSpec(
  definition = 'text: string -> label: enum["positive", "negative"]',
  options: ParseOptions = {},
): SignatureSpec {
  return parseSignature(definition, { name: 'Sentiment', ...options });
}

/** A version of a program; its hash follows its content. */
export function programVersion(overrides: Partial<ProgramVersionV1> = {}): ProgramVersionV1 {
  const { signature = signatureSpec(), module = 'Predict', config = {}, state = null } = overrides;
  const { temperature, maxTokens, topP, attempts, reward, threshold, tools, maxIters } = config;
  const content = canonicalJson({
    signature: signature.hash,
    module,
    config: { temperature, maxTokens, topP, attempts, reward, threshold, tools, maxIters },
    state,
  });
  return {
    tenant: 'default',
    programId: randomUUID(),
    name: 'sentiment',
    version: 1,
    hash: createHash('sha256').update(content).digest('hex'),
    signature,
    module,
    model: null,
    adapter: 'auto',
    format: 'auto',
    config,
    state,
    ...overrides,
  };
}

/** A connection to a model server; `baseUrl` leads nowhere unless given. */
export function modelConnection(overrides: Partial<ModelConnectionV1> = {}): ModelConnectionV1 {
  return {
    id: randomUUID(),
    name: 'scripted',
    version: 1,
    model: 'scripted',
    baseUrl: 'http://127.0.0.1:9/v1',
    apiKey: null,
    pricing: null,
    capabilities: { grammar: false, jsonSchema: false },
    ...overrides,
  };
}

/** A request for an execution that waits for its end. */
export function executionCreate(overrides: Partial<ExecutionCreateV1> = {}): ExecutionCreateV1 {
  return { id: randomUUID(), program: 'sentiment', inputs: { text: 'Lovely!' }, wait: true, ...overrides };
}

/** A job; who publishes it must say where its outcome goes. */
export function executionRun(replyTo: string, overrides: Partial<ExecutionRunV1> = {}): ExecutionRunV1 {
  const program = programVersion();
  return {
    executionId: randomUUID(),
    epoch: 1,
    programId: program.programId,
    program: program.name,
    version: program.version,
    programHash: program.hash,
    modelId: randomUUID(),
    modelVersion: 1,
    format: 'json',
    inputs: { text: 'Lovely!' },
    timeoutMs: TIMEOUT_MS,
    limits: CALL_LIMITS_DEFAULT,
    maxRetries: 0,
    record: true,
    deadlineAt: new Date(Date.now() + TIMEOUT_MS).toISOString(),
    acceptedAtMs: Date.now(),
    replyTo,
    ...overrides,
  };
}

/** The event in which a job travels. */
export function jobEvent(run: ExecutionRunV1, tenant = 'default'): CloudEvent<ExecutionRunV1> {
  return {
    specversion: '1.0',
    id: `${run.executionId}:${run.epoch}`,
    source: 'execution',
    type: 'execution.run.v1',
    subject: run.executionId,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    tenant,
    data: run,
  };
}
