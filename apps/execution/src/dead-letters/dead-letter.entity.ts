import type { DeadLetterV1 } from '@dspy-nest/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A job that the fleet gave up. Those of executions are written by the journal, with the outcome. */
@Entity({ name: 'dead_letters' })
export class DeadLetterEntity {
  @PrimaryColumn('text') tenant: string;
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'execution_id', nullable: true }) executionId: string | null;
  @Column('text', { nullable: true }) program: string | null;
  @Column('text') subject: string;
  @Column('text') code: string;
  @Column('text') message: string;
  @Column('int') attempts: number;
  @Column('text', { nullable: true }) worker: string | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('uuid', { name: 'replayed_as', nullable: true }) replayedAs: string | null;
  @Column('timestamptz', { name: 'replayed_at', nullable: true }) replayedAt: Date | null;
}

/** The dead letter as callers see it. */
export function toDeadLetter(row: DeadLetterEntity): DeadLetterV1 {
  return {
    id: row.id,
    executionId: row.executionId,
    program: row.program,
    subject: row.subject,
    code: row.code,
    message: row.message,
    attempts: row.attempts,
    worker: row.worker,
    createdAt: row.createdAt.toISOString(),
    replayedAs: row.replayedAs,
    replayedAt: row.replayedAt?.toISOString() ?? null,
  };
}
