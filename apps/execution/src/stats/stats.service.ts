import type { ExecutionStatsGetV1, ExecutionStatsRow } from '@dspy-nest/contracts';
import { RecurringTask, ValidationFailedError, type Logger, type RequestContext } from '@dspy-nest/platform';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { LOGGER } from '../logger';
import { valueOfBin } from './latency-bins';
import { statsRange } from './stats-range';
import { StatsRepository, type StatsRow, type ToldApart } from './stats.repository';

const EVERY_MS = 10_000;
/** However many replicas add up, it is done about as often as by one. */
const PAUSE_MS = EVERY_MS / 2;
const ROWS_MAX = 1_000;

/** Counts what was executed. What ended is added up in the background, by one replica at a time; executions never wait for it. */
@Injectable()
export class StatsService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly task: RecurringTask;

  constructor(
    private readonly stats: StatsRepository,
    @Inject(LOGGER) logger: Logger,
  ) {
    const onFailure = (err: unknown): void =>
      logger.error({ err }, 'What was executed could not be added up; the next time tries again.');
    this.task = new RecurringTask(() => this.rollUp(), EVERY_MS, onFailure);
  }

  onApplicationBootstrap(): void {
    this.task.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.task.stop();
  }

  /** Adds up what has ended by now, unless a replica did so a moment ago. */
  async rollUp(): Promise<void> {
    while (await this.stats.rollUp(PAUSE_MS));
  }

  /** The numbers that were asked for, by time and name; throws ValidationFailedError for a range or a number of rows that is too much. */
  async read(ctx: RequestContext, asked: ExecutionStatsGetV1): Promise<ExecutionStatsRow[]> {
    const by = new Set(asked.by);
    const told = {
      byProgram: by.has('program') || by.has('version'),
      byVersion: by.has('version'),
      byModel: by.has('model'),
    };
    const rows = await this.stats.read(ctx, asked, statsRange(asked, new Date()), told, ROWS_MAX + 1);
    if (rows.length > ROWS_MAX) throw tooMany();
    return rows.map((row) => toStats(row, told));
  }
}

function tooMany(): ValidationFailedError {
  const message = `There are more than ${ROWS_MAX} rows of numbers; ask for a shorter range, a longer interval, or one program.`;
  return new ValidationFailedError(message, [{ pointer: '/by', code: 'too_many_rows', message }]);
}

function toStats(row: StatsRow, { byProgram, byVersion, byModel }: ToldApart): ExecutionStatsRow {
  const [failed, cancelled, timedOut] = [Number(row.failed), Number(row.cancelled), Number(row.timed_out)];
  const executions = Number(row.executions);
  const judged = executions - cancelled;
  return {
    from: row.start.toISOString(),
    program: byProgram ? row.of_program : null,
    version: byVersion ? row.of_version : null,
    model: byModel ? row.of_model : null,
    executions,
    succeeded: Number(row.succeeded),
    failed,
    cancelled,
    timedOut,
    errorRate: judged === 0 ? null : (failed + timedOut) / judged,
    latency: latencyOf(row, judged),
    promptTokens: row.prompt_tokens === null ? null : Number(row.prompt_tokens),
    completionTokens: row.completion_tokens === null ? null : Number(row.completion_tokens),
    costUsd: row.cost_usd,
    unpriced: Number(row.unpriced),
  };
}

function latencyOf({ total_ms: totalMs, p50, p95, p99 }: StatsRow, judged: number): ExecutionStatsRow['latency'] {
  if (p50 === null || p95 === null || p99 === null) return null;
  return { meanMs: totalMs / judged, p50Ms: valueOfBin(p50), p95Ms: valueOfBin(p95), p99Ms: valueOfBin(p99) };
}
