import { randomUUID } from 'node:crypto';

/** This process among the replicas of the service: workers bring an outcome to the replica that holds its caller. */
export const REPLICA_ID = randomUUID();

/** The pool and lane of executions that name none, and the lane that goes after it. */
export const DEFAULT_POOL = 'default';
export const INTERACTIVE_LANE = 'interactive';
export const BATCH_LANE = 'batch' as const;
export const LANES = [INTERACTIVE_LANE, BATCH_LANE] as const;
