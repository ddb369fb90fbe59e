import type { ExecutionV1, FeedbackCreatedV1, FeedbackSource, FeedbackV1, JsonObject } from '@dspy-nest/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What somebody said of an execution; it is written once. */
@Entity({ name: 'feedback' })
export class FeedbackEntity {
  @PrimaryColumn('text') tenant: string;
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'execution_id' }) executionId: string;
  @Column('text', { nullable: true }) name: string | null;
  @Column('float8', { nullable: true }) score: number | null;
  @Column('text', { nullable: true }) comment: string | null;
  @Column('json', { nullable: true }) correction: JsonObject | null;
  @Column('text') source: FeedbackSource;
  @Column('text', { nullable: true }) author: string | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
}

/** The feedback as callers see it. */
export function toFeedback(row: FeedbackEntity): FeedbackV1 {
  return {
    id: row.id,
    executionId: row.executionId,
    name: row.name,
    score: row.score,
    comment: row.comment,
    correction: row.correction,
    source: row.source,
    author: row.author,
    createdAt: row.createdAt.toISOString(),
  };
}

/** The feedback as a public event tells it: contents may be personal. */
export function toFeedbackCreated(
  row: FeedbackEntity,
  { program, programId, version }: Pick<ExecutionV1, 'program' | 'programId' | 'version'>,
): FeedbackCreatedV1 {
  const { comment: _, correction, ...told } = toFeedback(row);
  return { ...told, program, programId, version, isCorrected: correction !== null };
}
