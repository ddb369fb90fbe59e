import { isErrorCode } from '@dspy-nest/contracts';
import { Telemetry } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import type { Counter, Histogram } from '@opentelemetry/api';
import { hasFallenBack } from '../dispatch/fallback';
import type { FinishedExecution } from '../lifecycle/execution-outcome';
import { BoundedLabel } from './bounded-label';

const MS_PER_S = 1_000;
const PROGRAMS_MAX = 500;
const DURATION_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];
const STAGE_BUCKETS_S = [0.0005, 0.001, 0.0025, ...DURATION_BUCKETS_S];

/** What is counted and measured of executions; each is recorded once, by the replica that committed its outcome. */
@Injectable()
export class ExecutionMetrics {
  private readonly programs = new BoundedLabel(PROGRAMS_MAX);
  private readonly duration: Histogram;
  private readonly stages: Histogram;
  private readonly executions: Counter;
  private readonly tokens: Counter;
  private readonly cost: Counter;
  private readonly modelRetries: Counter;
  private readonly parseRetries: Counter;
  private readonly repairs: Counter;
  private readonly deadLetters: Counter;
  private readonly cached: Counter;
  private readonly fallbacks: Counter;

  constructor({ meter }: Telemetry) {
    const counter = (name: string, description: string): Counter => meter.createCounter(name, { description });
    const histogram = (name: string, buckets: number[], description: string): Histogram =>
      meter.createHistogram(name, { description, advice: { explicitBucketBoundaries: buckets } });
    this.duration = histogram('dspy_execution_duration_seconds', DURATION_BUCKETS_S, 'From acceptance to outcome.');
    this.stages = histogram('dspy_execution_stage_duration_seconds', STAGE_BUCKETS_S, 'Where the time went.');
    this.executions = counter('dspy_executions_total', 'Executions that ended.');
    this.tokens = counter('dspy_tokens_total', 'Tokens of model calls, as the model server counted them.');
    this.cost = counter('dspy_cost_usd_total', 'Cost of model calls whose price is known.');
    this.modelRetries = counter('dspy_model_retries_total', 'Calls again to a model that failed or was busy.');
    this.parseRetries = counter('dspy_parse_retries_total', 'Calls again for an answer that was unreadable.');
    this.repairs = counter('dspy_output_repairs_total', 'Answers that could be read after mending their form.');
    this.cached = counter('dspy_cached_answers_total', 'Executions that were answered without a model.');
    this.fallbacks = counter('dspy_fallbacks_total', 'Executions that ran natively because no worker lived.');
    this.deadLetters = counter('dspy_dead_letters_total', 'Jobs that the fleet gave up.');
  }

  /** Counts an execution whose outcome was just committed. */
  record(row: FinishedExecution): void {
    const code = row.error === null ? 'none' : isErrorCode(row.error.code) ? row.error.code : 'internal';
    this.executions.add(1, { status: row.status, error_code: code });
    if (code === 'worker_crashed') this.gaveUp(code);
    if (row.cached) this.cached.add(1);
    else if (hasFallenBack(row)) this.fallbacks.add(1);
    this.recordTimes(row);
    if (row.promptTokens) this.tokens.add(row.promptTokens, { direction: 'prompt' });
    if (row.completionTokens) this.tokens.add(row.completionTokens, { direction: 'completion' });
    if (row.costUsd) this.cost.add(row.costUsd);
    const { modelRetries, parseRetries, repairs } = row.recovery;
    if (modelRetries > 0) this.modelRetries.add(modelRetries, { format: row.format });
    if (parseRetries > 0) this.parseRetries.add(parseRetries, { format: row.format });
    if (repairs > 0) this.repairs.add(repairs, { format: row.format });
  }

  /** Counts a dead letter. */
  gaveUp(code: string): void {
    this.deadLetters.add(1, { code });
  }

  private recordTimes({ program, status, totalMs, queueMs, workerMs, lmMs, parseMs }: FinishedExecution): void {
    if (totalMs === null) return;
    this.duration.record(totalMs / MS_PER_S, { program: this.programs.of(program), status });
    this.recordStage('queue', queueMs);
    this.recordStage('worker', workerMs);
    this.recordStage('model', lmMs);
    this.recordStage('parse', parseMs);
    this.recordStage('overhead', lmMs === null ? null : Math.max(0, totalMs - lmMs));
  }

  private recordStage(stage: string, ms: number | null): void {
    if (ms !== null) this.stages.record(ms / MS_PER_S, { stage });
  }
}
