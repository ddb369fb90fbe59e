import type {
  BatchUsage,
  ExampleSplit,
  EvaluationChangedV1,
  EvaluationCounts,
  EvaluationStatus,
  EvaluationSummary,
  EvaluationV1,
  WireError,
} from '@dspy-nest/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { progressOf } from './evaluation-progress';

const asNumber = {
  from: (text: string | null) => (text === null ? null : Number(text)),
  to: (value: unknown) => value,
};

/** One evaluation and its counters. `definition` is the metric with its field named; `ended` is also the next example to count. Judges are asked from `judgingAt` on. */
@Entity({ name: 'evaluations' })
export class EvaluationEntity {
  @PrimaryColumn('text') tenant: string;
  @PrimaryColumn('uuid') id: string;
  @Column('text', { nullable: true }) name: string | null;
  @Column('uuid', { name: 'program_id' }) programId: string;
  @Column('text') program: string;
  @Column('int') version: number;
  @Column('text', { nullable: true }) model: string | null;
  @Column('uuid', { name: 'metric_id' }) metricId: string;
  @Column('text') metric: string;
  @Column('int', { name: 'metric_version' }) metricVersion: number;
  @Column('json') definition: object;
  @Column('uuid', { name: 'dataset_id', nullable: true }) datasetId: string | null;
  @Column('text', { nullable: true }) dataset: string | null;
  @Column('int', { name: 'dataset_version', nullable: true }) datasetVersion: number | null;
  @Column('text', { nullable: true }) split: ExampleSplit | null;
  @Column('text') status: EvaluationStatus;
  @Column('json', { nullable: true }) error: WireError | null;
  @Column('int') total: number;
  @Column('int') ended: number;
  @Column('int') failed: number;
  @Column('int') unscored: number;
  @Column('bigint', { name: 'prompt_tokens', nullable: true, transformer: asNumber }) promptTokens: number | null;
  @Column('bigint', { name: 'completion_tokens', nullable: true, transformer: asNumber })
  completionTokens: number | null;
  @Column('float8', { name: 'cost_usd', nullable: true }) costUsd: number | null;
  @Column('int') unpriced: number;
  @Column('int') answered: number;
  @Column('timestamptz', { name: 'judging_at', nullable: true }) judgingAt: Date | null;
  @Column('json', { name: 'judge_usage', nullable: true }) judgeUsage: BatchUsage | null;
  @Column('json', { nullable: true }) summary: EvaluationSummary | null;
  @Column('float8', { nullable: true }) score: number | null;
  @Column('float8') level: number;
  @Column('bigint', { transformer: asNumber }) seed: number;
  @Column('text') traceparent: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'started_at', nullable: true }) startedAt: Date | null;
  @Column('timestamptz', { name: 'finished_at', nullable: true }) finishedAt: Date | null;
}

/** An evaluation by its keys. */
export type EvaluationKey = Pick<EvaluationEntity, 'tenant' | 'id'>;

const countsOf = ({ total, answered, ended, failed, unscored }: EvaluationEntity): EvaluationCounts => ({
  total,
  answered: Math.max(answered, ended),
  ended,
  failed,
  unscored,
});

/** The evaluation as callers see it at `now`. */
export function toEvaluation(row: EvaluationEntity, now: Date): EvaluationV1 {
  const { promptTokens, completionTokens, costUsd, unpriced } = row;
  return {
    id: row.id,
    name: row.name,
    program: row.program,
    programId: row.programId,
    version: row.version,
    model: row.model,
    metric: row.metric,
    metricId: row.metricId,
    metricVersion: row.metricVersion,
    dataset: row.dataset,
    datasetId: row.datasetId,
    datasetVersion: row.datasetVersion,
    split: row.split,
    status: row.status,
    error: row.error,
    counts: countsOf(row),
    progress: progressOf({ ...row, isJudged: row.judgeUsage !== null }, now),
    usage: { promptTokens, completionTokens, costUsd, unpriced },
    judgeUsage: row.judgeUsage,
    summary: row.summary,
    level: row.level,
    seed: row.seed,
    traceId: row.traceparent.slice(3, 35),
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

/** The evaluation as its public events tell of it. */
export function toEvaluationChanged(row: EvaluationEntity): EvaluationChangedV1 {
  const { id, name, program, programId, version, metric, metricVersion, status, score } = row;
  return {
    id,
    name,
    program,
    programId,
    version,
    metric,
    metricVersion,
    status,
    score,
    counts: countsOf(row),
    errorCode: row.error?.code ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}
