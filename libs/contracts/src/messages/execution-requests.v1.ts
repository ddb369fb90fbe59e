import { z } from 'zod';
import { Uuid } from './primitives';

/** Names one execution. */
export const ExecutionRefV1 = z.strictObject({ id: Uuid }).meta({ id: 'ExecutionRefV1' });
export type ExecutionRefV1 = z.infer<typeof ExecutionRefV1>;

/** Seconds a synchronous call waits for a first worker before it answers `no_worker`. */
export const NO_WORKER_PATIENCE_MS = 5_000;

/** Limits of one execution's time, in milliseconds. */
export const TIMEOUT_DEFAULT_MS = 60_000;
export const TIMEOUT_MAX_MS = 600_000;
