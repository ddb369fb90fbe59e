import { STATS_GROUPS, STATS_INTERVALS, type StatsGroup, type StatsInterval } from '@dspy-nest/contracts';
import { DateTimeScalar } from '@dspy-nest/graphql';
import { ArgsType, Field, Float, Int, ObjectType, registerEnumType } from '@nestjs/graphql';

const enumOf = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name.toUpperCase(), name]));
const GROUP_ENUM = enumOf(STATS_GROUPS);
const INTERVAL_ENUM = enumOf(STATS_INTERVALS);
registerEnumType(GROUP_ENUM, {
  name: 'ExecutionStatsGroup',
  description: 'What numbers are told apart by; VERSION is a version of a program.',
});
registerEnumType(INTERVAL_ENUM, { name: 'ExecutionStatsInterval', description: 'In UTC.' });

@ObjectType('ExecutionLatency', {
  description:
    'From acceptance to end, without what was cancelled. Percentiles are at most 1 % off, the mean is exact.',
})
export class ExecutionLatencyType {
  @Field(() => Float) meanMs: number;
  @Field(() => Float) p50Ms: number;
  @Field(() => Float) p95Ms: number;
  @Field(() => Float) p99Ms: number;
}

@ObjectType('ExecutionStats', { description: 'Numbers of the executions that ended in a time.' })
export class ExecutionStatsType {
  @Field(() => DateTimeScalar, { description: 'When the time began.' }) from: string;
  @Field(() => String, { nullable: true, description: 'null when programs are not told apart.' })
  program: string | null;
  @Field(() => Int, { nullable: true }) version: number | null;
  @Field(() => String, { nullable: true }) model: string | null;
  @Field(() => Int) executions: number;
  @Field(() => Int) succeeded: number;
  @Field(() => Int) failed: number;
  @Field(() => Int) cancelled: number;
  @Field(() => Int) timedOut: number;
  @Field(() => Float, {
    nullable: true,
    description: 'Failed and timed out, of what was not cancelled; null when all was.',
  })
  errorRate: number | null;
  @Field(() => ExecutionLatencyType, { nullable: true }) latency: ExecutionLatencyType | null;
  @Field(() => Float, { nullable: true, description: 'null when unknown of all.' }) promptTokens: number | null;
  @Field(() => Float, { nullable: true }) completionTokens: number | null;
  @Field(() => Float, { nullable: true, description: 'Of those with a known price; null when there are none.' })
  costUsd: number | null;
  @Field(() => Int, { description: 'Executions whose price is not known.' }) unpriced: number;
}

@ArgsType()
export class ExecutionStatsArgs {
  @Field(() => DateTimeScalar, { nullable: true, description: 'A day before `to`, unless given.' })
  from?: string | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'Now, unless given.' }) to?: string | null;
  @Field(() => [GROUP_ENUM], { nullable: true, description: 'All in one, unless given.' }) by?: StatsGroup[] | null;
  @Field(() => INTERVAL_ENUM, { nullable: true, description: 'The whole range, unless given.' })
  interval?: StatsInterval | null;
  @Field(() => String, { nullable: true, description: 'The name of a program.' }) program?: string | null;
  @Field(() => Int, { nullable: true }) version?: number | null;
  @Field(() => String, { nullable: true, description: 'The name of a model.' }) model?: string | null;
}
