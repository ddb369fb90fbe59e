import { EVALUATION_STATUSES, type EvaluationStatus } from '@dspy-nest/contracts';
import {
  ConnectionArgs,
  DateTimeFilter,
  DateTimeScalar,
  FloatFilter,
  IdFilter,
  IntFilter,
  JsonScalar,
  ResourceFilter,
  StringFilter,
  connectionType,
} from '@dspy-nest/graphql';
import { ArgsType, Directive, Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';

const STATUS_ENUM = Object.fromEntries(EVALUATION_STATUSES.map((status) => [status.toUpperCase(), status]));
registerEnumType(STATUS_ENUM, { name: 'EvaluationStatus', description: 'The states of an evaluation.' });

/** A program, which the registry owns. */
@ObjectType('Program')
@Directive('@key(fields: "id", resolvable: false)')
export class ProgramReference {
  @Field(() => ID) id: string;
}

@ObjectType('EvaluationError', { description: 'Why an evaluation failed.' })
class EvaluationErrorObject {
  @Field(() => String) code: string;
  @Field(() => String) message: string;
  @Field(() => Boolean) retryable: boolean;
}

@ObjectType('EvaluationCounts', { description: 'How many examples stand how.' })
class EvaluationCountsObject {
  @Field(() => Int) total: number;
  @Field(() => Int, { description: 'Examples that were run; judges may have to say something yet.' }) answered: number;
  @Field(() => Int, { description: 'Examples whose execution ended and was counted.' }) ended: number;
  @Field(() => Int, { description: 'Examples that gave no answer; they score 0.' }) failed: number;
  @Field(() => Int, { description: 'Examples whose score cannot be known.' }) unscored: number;
}

@ObjectType('EvaluationProgress', { description: 'How far an evaluation is and how fast it goes.' })
class EvaluationProgressObject {
  @Field(() => Float, { description: 'From 0 to 1.' }) fraction: number;
  @Field(() => Float, { nullable: true }) examplesPerS: number | null;
  @Field(() => DateTimeScalar, { nullable: true }) etaAt: string | null;
}

@ObjectType('EvaluationUsage', { description: 'Tokens and money of all examples that have ended; null where unknown.' })
class EvaluationUsageObject {
  // A large evaluation has more tokens than 32 bits count.
  @Field(() => Float, { nullable: true }) promptTokens: number | null;
  @Field(() => Float, { nullable: true }) completionTokens: number | null;
  @Field(() => Float, { nullable: true, description: 'Of the examples with a known price.' }) costUsd: number | null;
  @Field(() => Int, { description: 'Examples that were run at an unknown price.' }) unpriced: number;
}

@ObjectType('ScoreInterval', { description: 'Where the true value is, at a level of confidence.' })
class ScoreIntervalObject {
  @Field(() => Float) low: number;
  @Field(() => Float) high: number;
  @Field(() => Float) level: number;
  @Field(() => String, { description: 'wilson, percentile, bca or normal.' }) method: string;
}

@ObjectType('EvaluationLatency', { description: 'From acceptance to end, in milliseconds.' })
class EvaluationLatencyObject {
  @Field(() => Float) p50Ms: number;
  @Field(() => Float) p95Ms: number;
}

@ObjectType('ErrorClass', { description: 'How often examples ended with an error of one code.' })
class ErrorClassObject {
  @Field(() => String) code: string;
  @Field(() => Int) count: number;
}

@ObjectType('EvaluationSummary', { description: 'What an evaluation found.' })
class EvaluationSummaryObject {
  @Field(() => Float, { nullable: true, description: 'The mean score.' }) score: number | null;
  @Field(() => ScoreIntervalObject, { nullable: true }) interval: ScoreIntervalObject | null;
  @Field(() => EvaluationLatencyObject, { nullable: true }) latency: EvaluationLatencyObject | null;
  @Field(() => [ErrorClassObject]) errors: ErrorClassObject[];
  @Field(() => JsonScalar, {
    nullable: true,
    description: 'Precision, recall and F1 of each label, and what was taken for what.',
  })
  labels: unknown;
}

@ObjectType('Evaluation', { description: 'How good a version of a program is on examples, by a metric.' })
@Directive('@key(fields: "id")')
export class EvaluationObject {
  @Field(() => ID) id: string;
  @Field(() => String, { nullable: true }) name: string | null;
  @Field(() => ID) programId: string;
  @Field(() => String) programName: string;
  @Field(() => Int) version: number;
  @Field(() => String, { nullable: true, description: 'null is the model of the program.' }) model: string | null;
  @Field(() => ID) metricId: string;
  @Field(() => String) metricName: string;
  @Field(() => Int) metricVersion: number;
  @Field(() => ID, { nullable: true, description: 'null when the examples came with the request.' })
  datasetId: string | null;
  @Field(() => String, { nullable: true }) datasetName: string | null;
  @Field(() => Int, { nullable: true }) datasetVersion: number | null;
  @Field(() => String, { nullable: true, description: 'train, validation or test; null is all of the version.' })
  split: string | null;
  @Field(() => STATUS_ENUM) status: EvaluationStatus;
  @Field(() => EvaluationErrorObject, { nullable: true }) error: EvaluationErrorObject | null;
  @Field(() => EvaluationCountsObject) counts: EvaluationCountsObject;
  @Field(() => EvaluationProgressObject) progress: EvaluationProgressObject;
  @Field(() => EvaluationUsageObject) usage: EvaluationUsageObject;
  @Field(() => EvaluationUsageObject, { nullable: true, description: 'What judging took; null without a judge.' })
  judgeUsage: EvaluationUsageObject | null;
  @Field(() => EvaluationSummaryObject, { nullable: true, description: 'null until it has ended.' })
  summary: EvaluationSummaryObject | null;
  @Field(() => Float) level: number;
  @Field(() => Float) seed: number;
  @Field(() => String) traceId: string;
  @Field(() => DateTimeScalar) createdAt: string;
  @Field(() => DateTimeScalar, { nullable: true }) startedAt: string | null;
  @Field(() => DateTimeScalar, { nullable: true }) finishedAt: string | null;
}

@ObjectType('EvaluationComparison', { description: 'What two evaluations show on the same examples, and no more.' })
export class EvaluationComparisonObject {
  @Field(() => String, { description: 'improved, not_shown_to_be_better or worse.' }) verdict: string;
  @Field(() => String, { description: 'All of it in one plain sentence.' }) sentence: string;
  @Field(() => Float, { description: 'The mean of candidate minus baseline.' }) difference: number;
  @Field(() => ScoreIntervalObject) interval: ScoreIntervalObject;
  @Field(() => Float) pValue: number;
  @Field(() => String, { description: 'mcnemar_exact or sign_flip.' }) test: string;
  @Field(() => Int) examples: number;
  @Field(() => Int, { description: 'Examples that only one has a score of; they are left out.' }) unpaired: number;
}

export const EvaluationConnection = connectionType('Evaluation', EvaluationObject);

@ResourceFilter('EvaluationFilter')
export class EvaluationFilter {
  @Field(() => IdFilter, { nullable: true }) id?: IdFilter;
  @Field(() => StringFilter, { nullable: true }) name?: StringFilter;
  @Field(() => IdFilter, { nullable: true }) programId?: IdFilter;
  @Field(() => StringFilter, { nullable: true }) program?: StringFilter;
  @Field(() => IntFilter, { nullable: true }) version?: IntFilter;
  @Field(() => StringFilter, { nullable: true }) metric?: StringFilter;
  @Field(() => StringFilter, { nullable: true }) dataset?: StringFilter;
  @Field(() => IntFilter, { nullable: true }) datasetVersion?: IntFilter;
  @Field(() => StringFilter, { nullable: true }) split?: StringFilter;
  @Field(() => StringFilter, { nullable: true }) status?: StringFilter;
  @Field(() => FloatFilter, { nullable: true }) score?: FloatFilter;
  @Field(() => DateTimeFilter, { nullable: true }) createdAt?: DateTimeFilter;
  @Field(() => DateTimeFilter, { nullable: true }) finishedAt?: DateTimeFilter;
}

@ArgsType()
export class EvaluationConnectionArgs extends ConnectionArgs {
  @Field(() => EvaluationFilter, { nullable: true }) filter?: EvaluationFilter;
}

@InputType()
export class EvaluationExampleInput {
  @Field(() => JsonScalar) inputs: unknown;
  @Field(() => JsonScalar) expected: unknown;
}

@InputType()
export class CreateEvaluationInput {
  @Field(() => String, { description: 'Its name or id.' }) program: string;
  @Field(() => Int, { nullable: true, description: 'The published version, unless given.' }) version?: number;
  @Field(() => String, { nullable: true }) model?: string;
  @Field(() => String) metric: string;
  @Field(() => Int, { nullable: true, description: 'The newest version, unless given.' }) metricVersion?: number;
  @Field(() => [EvaluationExampleInput], { nullable: true, description: 'Either these or a dataset.' })
  examples?: EvaluationExampleInput[];
  @Field(() => String, { nullable: true, description: 'Its name or id.' }) dataset?: string;
  @Field(() => Int, { nullable: true, description: 'The newest version, unless given.' }) datasetVersion?: number;
  @Field(() => String, { nullable: true, description: 'train, validation or test; all of the version unless given.' })
  split?: string;
  @Field(() => String, { nullable: true }) name?: string;
  @Field(() => Float, { nullable: true, description: 'How sure the interval is to be; 0.95 unless given.' })
  level?: number;
  @Field(() => Int, { nullable: true, description: 'The same seed gives the same figures.' }) seed?: number;
}
