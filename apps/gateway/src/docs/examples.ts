import type { BatchV1, ExecutionV1 } from '@dspy-nest/contracts';

/** A succeeded execution, as the documentation shows it. */
export const EXECUTION_EXAMPLE: ExecutionV1 = {
  id: '01990a4e-6b1c-7cc3-98a1-3f0e5b7c2d10',
  program: 'route-ticket',
  programId: '01990a4e-1111-7aaa-8bbb-0123456789ab',
  version: 1,
  signature: 'RouteTicket',
  status: 'succeeded',
  inputs: { ticket: 'My card was charged twice' },
  outputs: { team: 'billing' },
  omitted: [],
  error: null,
  model: 'default',
  adapter: 'python',
  format: 'chat',
  lane: 'interactive',
  worker: 'worker-1',
  usage: { promptTokens: 212, completionTokens: 9, costUsd: null },
  timing: { totalMs: 412.5, queueMs: 1.2, workerMs: 409.1, lmMs: 406.8, parseMs: 0.4, overheadMs: 5.7 },
  recovery: { modelRetries: 0, parseRetries: 0, repairs: 0 },
  coercions: [],
  cached: false,
  stream: false,
  lastSequence: null,
  attempt: 1,
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  createdAt: '2026-01-05T09:30:00.000Z',
  finishedAt: '2026-01-05T09:30:00.413Z',
};

/** An execution that was accepted just now. */
export const QUEUED_EXAMPLE: ExecutionV1 = {
  ...EXECUTION_EXAMPLE,
  status: 'queued',
  outputs: null,
  worker: null,
  usage: { promptTokens: null, completionTokens: null, costUsd: null },
  timing: null,
  attempt: 0,
  finishedAt: null,
};

/** A batch on its way, as the documentation shows it. */
export const BATCH_EXAMPLE: BatchV1 = {
  id: '01990a4e-6b1c-7cc3-98a1-3f0e5b7c2d11',
  name: 'Tickets of January',
  program: 'route-ticket',
  programId: '01990a4e-1111-7aaa-8bbb-0123456789ab',
  version: 1,
  signature: 'RouteTicket',
  model: 'default',
  adapter: 'python',
  format: 'chat',
  status: 'running',
  error: null,
  counts: { total: 1_000, pending: 536, inFlight: 64, succeeded: 396, failed: 4, cancelled: 0, timedOut: 0 },
  progress: { fraction: 0.4, rowsPerS: 80, etaAt: '2026-01-05T09:30:12.500Z' },
  usage: { promptTokens: 84_800, completionTokens: 3_600, costUsd: null, unpriced: 400 },
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  createdAt: '2026-01-05T09:29:59.000Z',
  startedAt: '2026-01-05T09:30:00.000Z',
  finishedAt: null,
};
