import { z } from 'zod';
import { ModelName, ProgramName, Timestamp, Version } from './primitives';

/** What numbers of executions can be told apart by; `version` is a version of a program. */
export const STATS_GROUPS = ['program', 'version', 'model'] as const;
export type StatsGroup = (typeof STATS_GROUPS)[number];

/** The times that a series of numbers may go by, in UTC. */
export const STATS_INTERVALS = ['five_minutes', 'hour', 'day'] as const;
export type StatsInterval = (typeof STATS_INTERVALS)[number];

const Instant = z.iso.datetime({ offset: true });

/** Asks for numbers of what ended from `from` to before `to`; without either, of the last day. */
export const ExecutionStatsGetV1 = z
  .strictObject({
    from: Instant.optional(),
    to: Instant.optional(),
    by: z.array(z.enum(STATS_GROUPS)).max(STATS_GROUPS.length).optional(),
    interval: z.enum(STATS_INTERVALS).optional().meta({ description: 'Without it the whole range is one.' }),
    program: ProgramName.optional(),
    version: Version.optional(),
    model: ModelName.optional(),
  })
  .meta({ id: 'ExecutionStatsGetV1' });
export type ExecutionStatsGetV1 = z.infer<typeof ExecutionStatsGetV1>;

const Count = z.int().min(0);
const Milliseconds = z.number().min(0);

/** Numbers of executions that ended in a time. */
export const ExecutionStatsRow = z
  .strictObject({
    from: Timestamp.meta({ description: 'When the time began.' }),
    program: ProgramName.nullable().meta({ description: 'null when programs are not told apart.' }),
    version: Version.nullable(),
    model: ModelName.nullable(),
    executions: Count,
    succeeded: Count,
    failed: Count,
    cancelled: Count,
    timedOut: Count,
    errorRate: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .meta({ description: 'Failed and timed out, of what was not cancelled; null when all was.' }),
    latency: z
      .strictObject({ meanMs: Milliseconds, p50Ms: Milliseconds, p95Ms: Milliseconds, p99Ms: Milliseconds })
      .nullable()
      .meta({
        description:
          'From acceptance to end, without what was cancelled. The mean is exact, percentiles are at most 1 % off.',
      }),
    promptTokens: Count.nullable().meta({ description: 'null when unknown of all.' }),
    completionTokens: Count.nullable(),
    costUsd: z
      .number()
      .min(0)
      .nullable()
      .meta({ description: 'Of those with a known price; null when there are none.' }),
    unpriced: Count.meta({ description: 'Executions whose price is not known.' }),
  })
  .meta({ id: 'ExecutionStatsRow' });
export type ExecutionStatsRow = z.infer<typeof ExecutionStatsRow>;

/** The numbers that were asked for, by time and name. */
export const ExecutionStatsV1 = z.strictObject({ items: z.array(ExecutionStatsRow) }).meta({ id: 'ExecutionStatsV1' });
export type ExecutionStatsV1 = z.infer<typeof ExecutionStatsV1>;
