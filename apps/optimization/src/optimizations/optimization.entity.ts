import type {
  CallLimits,
  OptimizationChangedV1,
  OptimizationExampleCounts,
  OptimizationGuard,
  OptimizationPublication,
  OptimizationStatus,
  OptimizationV1,
  OptimizerV1,
  ProgramState,
  Usage,
  WireError,
} from '@dspy-nest/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { OptimizationStep } from '../optimization-steps/step-queue';
import { optimizationProgress } from './optimization-progress';
import { addUsage } from './usage';

/**
 * One optimisation. `definition` is the metric with its fields named, `step` what the service has to do for it next, and
 * `spentBefore` what attempts used that ended with their worker.
 */
@Entity({ name: 'optimizations' })
export class OptimizationEntity {
  @PrimaryColumn('text') tenant: string;
  @PrimaryColumn('uuid') id: string;
  @Column('text', { nullable: true }) name: string | null;
  @Column('uuid', { name: 'program_id' }) programId: string;
  @Column('text') program: string;
  @Column('int') version: number;
  @Column('text', { name: 'program_hash' }) programHash: string;
  @Column('uuid', { name: 'dataset_id' }) datasetId: string;
  @Column('text') dataset: string;
  @Column('int', { name: 'dataset_version' }) datasetVersion: number;
  @Column('uuid', { name: 'metric_id' }) metricId: string;
  @Column('text') metric: string;
  @Column('int', { name: 'metric_version' }) metricVersion: number;
  @Column('json') definition: object;
  @Column('uuid', { name: 'model_id' }) modelId: string;
  @Column('text') model: string;
  @Column('int', { name: 'model_version' }) modelVersion: number;
  @Column('text') format: OptimizationV1['format'];
  @Column('text') optimizer: OptimizerV1['name'];
  @Column('json') settings: OptimizerV1['settings'];
  @Column('int') seed: number;
  @Column('int') threads: number;
  @Column('float8') level: number;
  @Column('json') limits: CallLimits;
  @Column('int', { name: 'max_retries' }) maxRetries: number;
  @Column('json') examples: OptimizationExampleCounts;
  @Column('text') status: OptimizationStatus;
  @Column('text', { nullable: true }) step: OptimizationStep | null;
  @Column('boolean', { name: 'stopped_early' }) stoppedEarly: boolean;
  @Column('json', { nullable: true }) error: WireError | null;
  @Column('int') epoch: number;
  @Column('int') attempt: number;
  @Column('text', { nullable: true }) worker: string | null;
  @Column('int') trials: number;
  @Column('int', { nullable: true }) planned: number | null;
  @Column('float8', { name: 'parent_score', nullable: true }) parentScore: number | null;
  @Column('float8', { name: 'best_score', nullable: true }) bestScore: number | null;
  @Column('int', { name: 'best_trial', nullable: true }) bestTrial: number | null;
  /** Up to a mebibyte, so it is read only where it is needed. */
  @Column('json', { name: 'best_state', nullable: true, select: false }) bestState?: ProgramState | null;
  /** As large as the best state. */
  @Column('json', { name: 'parent_state', nullable: true, select: false }) parentState?: ProgramState | null;
  @Column('int', { name: 'candidate_version', nullable: true }) candidateVersion: number | null;
  @Column('json', { nullable: true }) guard: OptimizationGuard | null;
  @Column('text', { nullable: true }) conclusion: string | null;
  @Column('json', { nullable: true }) publication: OptimizationPublication | null;
  @Column('int') calls: number;
  @Column('json') usage: Usage;
  @Column('json', { name: 'spent_before' }) spentBefore: SpentBefore;
  @Column('json') versions: Record<string, string>;
  @Column('text') traceparent: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'started_at', nullable: true }) startedAt: Date | null;
  @Column('timestamptz', { name: 'trial_at', nullable: true }) trialAt: Date | null;
  @Column('timestamptz', { name: 'finished_at', nullable: true }) finishedAt: Date | null;
}

/** What attempts used that came to nothing. */
export interface SpentBefore {
  readonly calls: number;
  readonly usage: Usage;
}

/** An optimisation by its keys. */
export type OptimizationKey = Pick<OptimizationEntity, 'tenant' | 'id'>;

const bestOf = ({ bestTrial, bestScore }: OptimizationEntity): OptimizationV1['best'] =>
  bestTrial === null || bestScore === null ? null : { trial: bestTrial, score: bestScore };

/** The optimisation as callers see it. */
export function toOptimization(row: OptimizationEntity): OptimizationV1 {
  return {
    id: row.id,
    name: row.name,
    program: row.program,
    programId: row.programId,
    version: row.version,
    dataset: row.dataset,
    datasetId: row.datasetId,
    datasetVersion: row.datasetVersion,
    metric: row.metric,
    metricId: row.metricId,
    metricVersion: row.metricVersion,
    model: row.model,
    modelVersion: row.modelVersion,
    format: row.format,
    optimizer: { name: row.optimizer, settings: row.settings } as OptimizerV1,
    seed: row.seed,
    threads: row.threads,
    level: row.level,
    examples: row.examples,
    status: row.status,
    stoppedEarly: row.stoppedEarly,
    error: row.error,
    progress: optimizationProgress(row),
    parentScore: row.parentScore,
    best: bestOf(row),
    candidateVersion: row.candidateVersion,
    guard: row.guard,
    conclusion: row.conclusion,
    publication: row.publication,
    calls: row.spentBefore.calls + row.calls,
    usage: addUsage(row.spentBefore.usage, row.usage),
    attempt: row.attempt,
    worker: row.worker,
    versions: row.versions,
    traceId: row.traceparent.split('-')[1] ?? '',
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

/** The optimisation as its public events tell of it. */
export function toOptimizationChanged(row: OptimizationEntity): OptimizationChangedV1 {
  const { id, name, program, programId, version, dataset, datasetVersion, metric, metricVersion } = row;
  const { status, parentScore, best, calls, usage, attempt, candidateVersion, conclusion, finishedAt } =
    toOptimization(row);
  return {
    id,
    name,
    program,
    programId,
    version,
    dataset,
    datasetVersion,
    metric,
    metricVersion,
    status,
    parentScore,
    best,
    calls,
    usage,
    attempt,
    candidateVersion,
    conclusion,
    finishedAt,
    optimizer: row.optimizer,
    trials: row.trials,
    planned: row.planned,
    verdict: row.guard?.comparison?.verdict ?? null,
    errorCode: row.error?.code ?? null,
  };
}
