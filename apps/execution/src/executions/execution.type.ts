import { EXECUTION_STATUSES, type ExecutionStatus } from '@dspy-nest/contracts';
import {
  BooleanFilter,
  DateTimeFilter,
  FloatFilter,
  IdFilter,
  IntFilter,
  JsonScalar,
  PageInfo,
  ResourceFilter,
  StringFilter,
} from '@dspy-nest/graphql';
import { Directive, Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';

const STATUS_ENUM = Object.fromEntries(EXECUTION_STATUSES.map((status) => [status.toUpperCase(), status]));
registerEnumType(STATUS_ENUM, { name: 'ExecutionStatus', description: 'The states of an execution.' });

/** A program, which the registry owns. The index of its executions begins with its name, which never changes. */
@ObjectType('Program')
@Directive('@key(fields: "id name")')
export class ProgramReference {
  @Field(() => ID) id: string;
  @Field(() => String) name: string;
}

@ObjectType('ExecutionError', { description: 'Why an execution did not succeed.' })
export class ExecutionErrorType {
  @Field(() => String) code: string;
  @Field(() => String) message: string;
  @Field(() => Boolean) retryable: boolean;
  @Field(() => JsonScalar) details: object;
}

@ObjectType('ExecutionUsage', { description: 'Tokens and money; what is unknown is null.' })
export class ExecutionUsageType {
  @Field(() => Int, { nullable: true }) promptTokens: number | null;
  @Field(() => Int, { nullable: true }) completionTokens: number | null;
  @Field(() => Float, { nullable: true }) costUsd: number | null;
}

@ObjectType('ExecutionTiming', { description: 'Where the time went, in milliseconds.' })
export class ExecutionTimingType {
  @Field(() => Float) totalMs: number;
  @Field(() => Float, { nullable: true }) queueMs: number | null;
  @Field(() => Float, { nullable: true }) workerMs: number | null;
  @Field(() => Float, { nullable: true, description: 'With at least one model call open.' }) lmMs: number | null;
  @Field(() => Float, { nullable: true, description: 'Reading the answers of the model.' }) parseMs: number | null;
  @Field(() => Float, { nullable: true, description: 'totalMs without lmMs.' }) overheadMs: number | null;
}

@ObjectType('ExecutionRecovery', { description: 'What had to be done again or mended to get to an answer.' })
export class ExecutionRecoveryType {
  @Field(() => Int, { description: 'Calls again because the model could not be reached or was busy.' })
  modelRetries: number;
  @Field(() => Int, { description: 'Calls again because the answer could not be read.' }) parseRetries: number;
  @Field(() => Int, { description: 'Answers that could be read only after mending their form.' }) repairs: number;
}

@ObjectType('Execution', { description: 'One run of a program.' })
@Directive('@key(fields: "id")')
export class ExecutionType {
  @Field(() => ID) id: string;
  @Field(() => ID) programId: string;
  @Field(() => String) programName: string;
  @Field(() => Int) version: number;
  @Field(() => String) signatureName: string;
  @Field(() => STATUS_ENUM) status: ExecutionStatus;
  @Field(() => JsonScalar) inputs: object;
  @Field(() => JsonScalar, { nullable: true }) outputs: object | null;
  @Field(() => [String], { description: 'Which of inputs and outputs a list left out because they are large.' })
  omitted: string[];
  @Field(() => ExecutionErrorType, { nullable: true }) error: ExecutionErrorType | null;
  @Field(() => String) model: string;
  @Field(() => String) adapter: string;
  @Field(() => String) format: string;
  @Field(() => String, { description: 'The queue it waited in: interactive or batch.' }) lane: string;
  @Field(() => String, { nullable: true }) worker: string | null;
  @Field(() => ExecutionUsageType) usage: ExecutionUsageType;
  @Field(() => ExecutionTimingType, { nullable: true }) timing: ExecutionTimingType | null;
  @Field(() => ExecutionRecoveryType) recovery: ExecutionRecoveryType;
  @Field(() => [JsonScalar]) coercions: object[];
  @Field(() => Boolean) cached: boolean;
  @Field(() => Boolean, { description: 'Whether its tokens can be followed.' }) stream: boolean;
  @Field(() => Int, { nullable: true, description: 'The number of the last event before its outputs and its end.' })
  lastSequence: number | null;
  @Field(() => Int) attempt: number;
  @Field(() => ID, { nullable: true, description: 'The batch whose row it is.' }) batchId?: string;
  @Field(() => Int, { nullable: true, description: 'The place of that row, from 0.' }) batchIndex?: number;
  @Field(() => ID, { nullable: true, description: 'The execution that was done again with new model calls.' })
  rerunOf?: string;
  @Field(() => ID, { nullable: true, description: 'The execution whose recorded model answers were read again.' })
  replayOf?: string;
  @Field(() => String) traceId: string;
  @Field(() => String) createdAt: string;
  @Field(() => String, { nullable: true }) finishedAt: string | null;
}

@ObjectType('ExecutionEdge')
export class ExecutionEdge {
  @Field(() => ExecutionType) node: ExecutionType;
  @Field(() => String) cursor: string;
}

@ObjectType('ExecutionConnection')
export class ExecutionConnection {
  @Field(() => [ExecutionEdge]) edges: ExecutionEdge[];
  @Field(() => PageInfo) pageInfo: PageInfo;
}

@InputType('CallLimitsInput', { description: 'The clocks of one model call, in milliseconds.' })
export class CallLimitsInput {
  @Field(() => Int, { nullable: true }) connectMs?: number;
  @Field(() => Int, { nullable: true }) firstTokenMs?: number;
  @Field(() => Int, { nullable: true }) idleMs?: number;
  @Field(() => Int, { nullable: true }) attemptMs?: number;
}

@InputType('ExecutionStatusFilter')
class ExecutionStatusFilter {
  @Field(() => STATUS_ENUM, { nullable: true }) eq?: ExecutionStatus;
  @Field(() => STATUS_ENUM, { nullable: true }) ne?: ExecutionStatus;
  @Field(() => [STATUS_ENUM], { nullable: true }) in?: ExecutionStatus[];
  @Field(() => [STATUS_ENUM], { nullable: true }) notIn?: ExecutionStatus[];
}

@ResourceFilter('ExecutionFilter')
export class ExecutionFilter {
  @Field(() => IdFilter, { nullable: true }) id?: IdFilter;
  @Field(() => IdFilter, { nullable: true }) programId?: IdFilter;
  @Field(() => StringFilter, { nullable: true }) program?: StringFilter;
  @Field(() => IntFilter, { nullable: true }) version?: IntFilter;
  @Field(() => StringFilter, { nullable: true }) signature?: StringFilter;
  @Field(() => ExecutionStatusFilter, { nullable: true }) status?: ExecutionStatusFilter;
  @Field(() => StringFilter, { nullable: true, description: 'The code of the error.' }) errorCode?: StringFilter;
  @Field(() => StringFilter, { nullable: true }) model?: StringFilter;
  @Field(() => StringFilter, { nullable: true }) adapter?: StringFilter;
  @Field(() => StringFilter, { nullable: true }) format?: StringFilter;
  @Field(() => StringFilter, { nullable: true }) lane?: StringFilter;
  @Field(() => StringFilter, { nullable: true }) worker?: StringFilter;
  @Field(() => IntFilter, { nullable: true }) attempt?: IntFilter;
  @Field(() => IdFilter, { nullable: true }) batchId?: IdFilter;
  @Field(() => IntFilter, { nullable: true }) batchIndex?: IntFilter;
  @Field(() => StringFilter, { nullable: true }) traceId?: StringFilter;
  @Field(() => IntFilter, { nullable: true }) promptTokens?: IntFilter;
  @Field(() => IntFilter, { nullable: true }) completionTokens?: IntFilter;
  @Field(() => FloatFilter, { nullable: true }) costUsd?: FloatFilter;
  @Field(() => FloatFilter, { nullable: true }) totalMs?: FloatFilter;
  @Field(() => FloatFilter, { nullable: true }) queueMs?: FloatFilter;
  @Field(() => FloatFilter, { nullable: true }) workerMs?: FloatFilter;
  @Field(() => FloatFilter, { nullable: true }) lmMs?: FloatFilter;
  @Field(() => FloatFilter, { nullable: true }) parseMs?: FloatFilter;
  @Field(() => FloatFilter, { nullable: true }) overheadMs?: FloatFilter;
  @Field(() => FloatFilter, { nullable: true, description: 'The newest score that feedback gave it.' })
  score?: FloatFilter;
  @Field(() => BooleanFilter, { nullable: true, description: 'Whether feedback says what it should have answered.' })
  corrected?: BooleanFilter;
  @Field(() => DateTimeFilter, { nullable: true }) createdAt?: DateTimeFilter;
  @Field(() => DateTimeFilter, { nullable: true }) finishedAt?: DateTimeFilter;
}
