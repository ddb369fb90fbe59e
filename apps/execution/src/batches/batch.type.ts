import { BATCH_STATUSES, type BatchStatus } from '@dspy-nest/contracts';
import { DateTimeFilter, IdFilter, IntFilter, PageInfo, ResourceFilter, StringFilter } from '@dspy-nest/graphql';
import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { ExecutionErrorType } from '../executions/execution.type';

const STATUS_ENUM = Object.fromEntries(BATCH_STATUSES.map((status) => [status.toUpperCase(), status]));
registerEnumType(STATUS_ENUM, { name: 'BatchStatus', description: 'The states of a batch.' });

@ObjectType('BatchCounts', { description: 'How many rows stand how.' })
export class BatchCountsType {
  @Field(() => Int, { description: 'Rows that have come.' }) total: number;
  @Field(() => Int, { description: 'Rows that were not handed to the fleet yet.' }) pending: number;
  @Field(() => Int, { description: 'Rows that wait in its queue or run.' }) inFlight: number;
  @Field(() => Int) succeeded: number;
  @Field(() => Int, { description: 'Also rows that could not be run as they are.' }) failed: number;
  @Field(() => Int) cancelled: number;
  @Field(() => Int) timedOut: number;
}

@ObjectType('BatchProgress', { description: 'How far a batch is and how fast it goes.' })
export class BatchProgressType {
  @Field(() => Float, { description: 'Rows that have ended, of all: from 0 to 1.' }) fraction: number;
  @Field(() => Float, { nullable: true, description: 'In the last seconds, or over all once it has ended.' })
  rowsPerS: number | null;
  @Field(() => String, { nullable: true, description: 'When it will end if it goes on like this.' })
  etaAt: string | null;
}

@ObjectType('BatchUsage', { description: 'Tokens and money of all rows that have ended; what is unknown is null.' })
export class BatchUsageType {
  // A large batch has more tokens than 32 bits count.
  @Field(() => Float, { nullable: true }) promptTokens: number | null;
  @Field(() => Float, { nullable: true }) completionTokens: number | null;
  @Field(() => Float, { nullable: true, description: 'Of the rows with a known price.' }) costUsd: number | null;
  @Field(() => Int, { description: 'Rows that were run at an unknown price.' }) unpriced: number;
}

@ObjectType('Batch', { description: 'One program over many inputs.' })
export class BatchType {
  @Field(() => ID) id: string;
  @Field(() => String, { nullable: true }) name: string | null;
  @Field(() => ID) programId: string;
  @Field(() => String) programName: string;
  @Field(() => Int) version: number;
  @Field(() => String) signatureName: string;
  @Field(() => String) model: string;
  @Field(() => String) adapter: string;
  @Field(() => String) format: string;
  @Field(() => STATUS_ENUM) status: BatchStatus;
  @Field(() => ExecutionErrorType, { nullable: true, description: 'Why it failed: its rows did not all come.' })
  error: ExecutionErrorType | null;
  @Field(() => BatchCountsType) counts: BatchCountsType;
  @Field(() => BatchProgressType) progress: BatchProgressType;
  @Field(() => BatchUsageType) usage: BatchUsageType;
  @Field(() => String) traceId: string;
  @Field(() => String) createdAt: string;
  @Field(() => String, { nullable: true, description: 'When all rows had come.' }) startedAt: string | null;
  @Field(() => String, { nullable: true }) finishedAt: string | null;
}

@ObjectType('BatchEdge')
export class BatchEdge {
  @Field(() => BatchType) node: BatchType;
  @Field(() => String) cursor: string;
}

@ObjectType('BatchConnection')
export class BatchConnection {
  @Field(() => [BatchEdge]) edges: BatchEdge[];
  @Field(() => PageInfo) pageInfo: PageInfo;
}

@InputType('BatchStatusFilter')
class BatchStatusFilter {
  @Field(() => STATUS_ENUM, { nullable: true }) eq?: BatchStatus;
  @Field(() => STATUS_ENUM, { nullable: true }) ne?: BatchStatus;
  @Field(() => [STATUS_ENUM], { nullable: true }) in?: BatchStatus[];
  @Field(() => [STATUS_ENUM], { nullable: true }) notIn?: BatchStatus[];
}

@ResourceFilter('BatchFilter')
export class BatchFilter {
  @Field(() => IdFilter, { nullable: true }) id?: IdFilter;
  @Field(() => StringFilter, { nullable: true }) name?: StringFilter;
  @Field(() => IdFilter, { nullable: true }) programId?: IdFilter;
  @Field(() => StringFilter, { nullable: true }) program?: StringFilter;
  @Field(() => IntFilter, { nullable: true }) version?: IntFilter;
  @Field(() => StringFilter, { nullable: true }) signature?: StringFilter;
  @Field(() => StringFilter, { nullable: true }) model?: StringFilter;
  @Field(() => BatchStatusFilter, { nullable: true }) status?: BatchStatusFilter;
  @Field(() => DateTimeFilter, { nullable: true }) createdAt?: DateTimeFilter;
  @Field(() => DateTimeFilter, { nullable: true }) startedAt?: DateTimeFilter;
  @Field(() => DateTimeFilter, { nullable: true }) finishedAt?: DateTimeFilter;
}
