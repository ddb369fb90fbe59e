import { z } from 'zod';
import { Uuid } from './primitives';

/** Names one execution. */
export const ExecutionRefV1 = z.strictObject({ id: Uuid }).meta({ id: 'ExecutionRefV1' });
export type ExecutionRefV1 = z.infer<typeof ExecutionRefV1>;

/** Seconds a synchronous call waits for a first worker before it answers `no_worker`. */
export const NO_WORKER_PATIENCE_MS = 5_000;

/** The caller of a synchronous execution hung up: told to all replicas, acted on by the one that holds the caller. */
export const ExecutionAbandonedV1 = z
  .strictObject({ tenant: z.string(), executionId: Uuid })
  .meta({ id: 'ExecutionAbandonedV1' });
export type ExecutionAbandonedV1 = z.infer<typeof ExecutionAbandonedV1>;
