import { z } from 'zod';
import { ModelCallV1, RECORDED_CALLS_MAX } from './model-call.v1';
import { OpenObject, Uuid } from './primitives';

/** Names one execution. */
export const ExecutionRefV1 = z.strictObject({ id: Uuid }).meta({ id: 'ExecutionRefV1' });
export type ExecutionRefV1 = z.infer<typeof ExecutionRefV1>;

/** The inputs of one execution. */
export const ExecutionInputsV1 = z.strictObject({ inputs: OpenObject }).meta({ id: 'ExecutionInputsV1' });
export type ExecutionInputsV1 = z.infer<typeof ExecutionInputsV1>;

/** Asks for an execution to be done again, or to be replayed. `id` is that of the new one, so that asking again is harmless. */
export const ExecutionRepeatV1 = z
  .strictObject({
    id: Uuid,
    of: Uuid,
    wait: z.boolean().meta({ description: 'true: answer with the outcome; false: answer once accepted.' }),
  })
  .meta({ id: 'ExecutionRepeatV1' });
export type ExecutionRepeatV1 = z.infer<typeof ExecutionRepeatV1>;

/** What a replay is made of: the model's answers, and the outputs that were made of them; null where it failed. */
export const RecordingV1 = z
  .strictObject({ calls: z.array(ModelCallV1).max(RECORDED_CALLS_MAX), outputs: OpenObject.nullable() })
  .meta({ id: 'RecordingV1' });
export type RecordingV1 = z.infer<typeof RecordingV1>;

/** Seconds a synchronous call waits for a first worker before it answers `no_worker`. */
export const NO_WORKER_PATIENCE_MS = 5_000;

/** The acceptance of an execution whose caller waits and follows it is committed. */
export const ExecutionAcceptedV1 = z
  .strictObject({ tenant: z.string(), executionId: Uuid })
  .meta({ id: 'ExecutionAcceptedV1' });
export type ExecutionAcceptedV1 = z.infer<typeof ExecutionAcceptedV1>;

/** A worker has begun with an execution, or with a further attempt at it, and that is committed. */
export const ExecutionBegunV1 = z
  .strictObject({ tenant: z.string(), executionId: Uuid })
  .meta({ id: 'ExecutionBegunV1' });
export type ExecutionBegunV1 = z.infer<typeof ExecutionBegunV1>;

/** An execution has ended at a replica that holds no caller of it: another may. Told to all replicas. */
export const ExecutionEndedV1 = z
  .strictObject({ tenant: z.string(), executionId: Uuid })
  .meta({ id: 'ExecutionEndedV1' });
export type ExecutionEndedV1 = z.infer<typeof ExecutionEndedV1>;

/** The caller of a synchronous execution hung up: told to all replicas, acted on by the one that holds the caller. */
export const ExecutionAbandonedV1 = z
  .strictObject({ tenant: z.string(), executionId: Uuid })
  .meta({ id: 'ExecutionAbandonedV1' });
export type ExecutionAbandonedV1 = z.infer<typeof ExecutionAbandonedV1>;
