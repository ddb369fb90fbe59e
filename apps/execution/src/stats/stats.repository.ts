import type { ExecutionStatsGetV1 } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { INTERVALS_MS, type StatsRange } from './stats-range';
import { ADVANCE, HOLD, READ, ROLL_UP } from './stats.statements';

/** Time that is added up in one transaction at most: four hours. */
const ROLL_UP_MAX_MS = 14_400_000;

/** What the numbers are told apart by. */
export interface ToldApart {
  readonly byProgram: boolean;
  readonly byVersion: boolean;
  readonly byModel: boolean;
}

/** Numbers as the database has them: sums of integers are texts, and what is not told apart is empty. */
export interface StatsRow {
  readonly start: Date;
  readonly of_program: string;
  readonly of_version: number;
  readonly of_model: string;
  readonly executions: string;
  readonly succeeded: string;
  readonly failed: string;
  readonly cancelled: string;
  readonly timed_out: string;
  readonly total_ms: number;
  readonly prompt_tokens: string | null;
  readonly completion_tokens: string | null;
  readonly cost_usd: number | null;
  readonly unpriced: string;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** Adds up what has ended, and reads the sums. */
@Injectable()
export class StatsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Adds up the next time, unless that was done less than `pauseMs` ago; resolves to whether there is more to add up. */
  rollUp(pauseMs: number): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const [held] = await manager.query<{ since: Date; until: Date; last: boolean }[]>(HOLD, [
        pauseMs,
        ROLL_UP_MAX_MS,
      ]);
      if (held === undefined) return false;
      await manager.query(ROLL_UP, [held.since, held.until]);
      await manager.query(ADVANCE, [held.until]);
      return !held.last;
    });
  }

  /** The numbers of the tenant, at most `limit`, by time and name. */
  read(
    { tenant }: RequestContext,
    asked: ExecutionStatsGetV1,
    range: StatsRange,
    told: ToldApart,
    limit: number,
  ): Promise<StatsRow[]> {
    const length = asked.interval === undefined ? null : `${INTERVALS_MS[asked.interval]} milliseconds`;
    const which = [asked.program, asked.version, asked.model].map((one) => one ?? null);
    const { byProgram, byVersion, byModel } = told;
    return this.dataSource.query(READ, [
      tenant,
      range.from,
      range.to,
      length,
      byProgram,
      byVersion,
      byModel,
      ...which,
      limit,
    ]);
  }
}
