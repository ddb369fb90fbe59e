import { z } from 'zod';
import { PAGE_LIMIT_MAX, PageRequest } from './page';
import { OpenObject, ProgramName, Timestamp, Uuid, Version } from './primitives';

/** Feedbacks that one execution has at most. */
export const FEEDBACK_MAX = 100;
/** Characters of a comment, and of the name of who gives it, at most. */
export const COMMENT_MAX_CHARS = 2_000;
export const AUTHOR_MAX_CHARS = 200;
/** Characters of a correction as JSON, at most. */
export const CORRECTION_MAX_CHARS = 32_768;

/** What a score says something about, such as `helpful`. */
export const ScoreName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/)
  .meta({ id: 'ScoreName' });

/** The name of a score that is given without one. */
export const SCORE_NAME_DEFAULT = 'rating';

/** Who or what gave a feedback: a person, a model that judges, or a program that checks. */
export const FeedbackSource = z.enum(['human', 'model', 'code']).meta({ id: 'FeedbackSource' });
export type FeedbackSource = z.infer<typeof FeedbackSource>;

/** Says something of an execution: a score, a comment, what it should have answered, or several of these. */
export const FeedbackCreateV1 = z
  .strictObject({
    executionId: Uuid,
    name: ScoreName.optional().meta({ description: `Of the score; \`${SCORE_NAME_DEFAULT}\` when absent.` }),
    score: z
      .union([z.boolean(), z.number().min(0).max(1)])
      .optional()
      .meta({ description: 'From 0, bad, to 1, good; true is 1 and false 0.' }),
    comment: z.string().min(1).max(COMMENT_MAX_CHARS).optional(),
    correction: OpenObject.optional().meta({
      description: 'The outputs that were wrong, as they should have been; those that are not named were right.',
    }),
    source: FeedbackSource.optional().meta({ description: '`human` when absent.' }),
    author: z.string().min(1).max(AUTHOR_MAX_CHARS).optional(),
  })
  .meta({ id: 'FeedbackCreateV1' });
export type FeedbackCreateV1 = z.infer<typeof FeedbackCreateV1>;

/** What somebody said of an execution. It never changes: who thinks otherwise gives another. */
export const FeedbackV1 = z
  .strictObject({
    id: Uuid,
    executionId: Uuid,
    name: ScoreName.nullable().meta({ description: 'What the score is about; null without a score.' }),
    score: z.number().min(0).max(1).nullable(),
    comment: z.string().nullable(),
    correction: OpenObject.nullable().meta({
      description: 'Outputs as they should have been, by the types of the signature.',
    }),
    source: FeedbackSource,
    author: z.string().nullable(),
    createdAt: Timestamp,
  })
  .meta({ id: 'FeedbackV1' });
export type FeedbackV1 = z.infer<typeof FeedbackV1>;

/** Asks for a page of the feedback on one execution. */
export const FeedbackListV1 = PageRequest.extend({ executionId: Uuid }).meta({ id: 'FeedbackListV1' });
export type FeedbackListV1 = z.infer<typeof FeedbackListV1>;

/** Asks what executions should have answered, as many as a page has. */
export const CorrectionsGetV1 = z
  .strictObject({ executionIds: z.array(Uuid).max(PAGE_LIMIT_MAX) })
  .meta({ id: 'CorrectionsGetV1' });
export type CorrectionsGetV1 = z.infer<typeof CorrectionsGetV1>;

/** The newest correction of each of those that have one, in any order. */
export const CorrectionsV1 = z
  .strictObject({ items: z.array(z.strictObject({ executionId: Uuid, correction: OpenObject })) })
  .meta({ id: 'CorrectionsV1' });
export type CorrectionsV1 = z.infer<typeof CorrectionsV1>;

/** That something was said of an execution, as a public event tells it: without comment and correction. */
export const FeedbackCreatedV1 = FeedbackV1.omit({ comment: true, correction: true })
  .extend({
    program: ProgramName,
    programId: Uuid,
    version: Version,
    isCorrected: z.boolean().meta({ description: 'Whether it says what should have been answered.' }),
  })
  .meta({ id: 'FeedbackCreatedV1' });
export type FeedbackCreatedV1 = z.infer<typeof FeedbackCreatedV1>;
