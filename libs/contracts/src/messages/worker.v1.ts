import { z } from 'zod';
import { LaneName, Timestamp } from './primitives';

/** How often a worker says that it lives, and after how long without word it counts as dead. */
export const HEARTBEAT_INTERVAL_MS = 500;
export const WORKER_DEAD_AFTER_MS = 1_500;

/** A worker says that it lives and what it does. */
export const WorkerHeartbeatV1 = z
  .strictObject({
    id: z.string().min(1).max(200),
    status: z.enum(['ready', 'draining', 'stopped']),
    pool: z.string().max(63),
    lanes: z.array(LaneName).min(1),
    host: z.string().max(253),
    pid: z.int().min(1),
    startedAt: Timestamp,
    concurrency: z.int().min(1),
    inFlight: z.int().min(0),
    executed: z.int().min(0),
    rssBytes: z.int().min(0),
    versions: z.record(z.string(), z.string()).meta({ description: 'Of python, dspy and the worker.' }),
    modules: z.array(z.string()),
    formats: z.array(z.string()),
  })
  .meta({ id: 'WorkerHeartbeatV1' });
export type WorkerHeartbeatV1 = z.infer<typeof WorkerHeartbeatV1>;

/** A worker as the platform sees it. */
export const WorkerV1 = WorkerHeartbeatV1.extend({ lastSeenAt: Timestamp }).meta({ id: 'WorkerV1' });
export type WorkerV1 = z.infer<typeof WorkerV1>;
