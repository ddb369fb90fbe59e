import { z } from 'zod';
import { ProgramName, Timestamp, Uuid } from './primitives';

/** A job that the fleet gave up, kept until somebody looks. */
export const DeadLetterV1 = z
  .strictObject({
    id: Uuid,
    executionId: Uuid.nullable().meta({ description: 'null when the job could not be read.' }),
    program: ProgramName.nullable(),
    subject: z.string().meta({ description: 'Where the job lay in the work queue.' }),
    code: z.string(),
    message: z.string(),
    attempts: z.int().min(0),
    worker: z.string().nullable(),
    createdAt: Timestamp,
    replayedAs: Uuid.nullable().meta({ description: 'The execution that its replay made.' }),
    replayedAt: Timestamp.nullable(),
  })
  .meta({ id: 'DeadLetterV1' });
export type DeadLetterV1 = z.infer<typeof DeadLetterV1>;

/** Names one dead letter. */
export const DeadLetterRefV1 = z.strictObject({ id: Uuid }).meta({ id: 'DeadLetterRefV1' });
export type DeadLetterRefV1 = z.infer<typeof DeadLetterRefV1>;

/** Asks for a new execution with the inputs of a dead letter; asked again it names the same one. */
export const DeadLetterReplayV1 = z
  .strictObject({ id: Uuid, executionId: Uuid.meta({ description: 'The id that the new execution gets.' }) })
  .meta({ id: 'DeadLetterReplayV1' });
export type DeadLetterReplayV1 = z.infer<typeof DeadLetterReplayV1>;

/** A worker tells of a message in its queue that is no job; the message is taken out once this is answered. */
export const UnreadableJobV1 = z
  .strictObject({ subject: z.string().max(500), problem: z.string().max(2_000), worker: z.string().max(200) })
  .meta({ id: 'UnreadableJobV1' });
export type UnreadableJobV1 = z.infer<typeof UnreadableJobV1>;
