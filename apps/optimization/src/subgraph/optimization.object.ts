import { OPTIMIZATION_STATUSES, type OptimizationStatus } from '@dspy-nest/contracts';
import {
  connectionType,
  ConnectionArgs,
  DateTimeFilter,
  DateTimeScalar,
  IdFilter,
  IntFilter,
  JsonScalar,
  ResourceFilter,
  StringFilter,
} from '@dspy-nest/graphql';
import { ArgsType, Directive, Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { EvaluationComparisonObject } from './evaluation.object';

const STATUS_ENUM = Object.fromEntries(OPTIMIZATION_STATUSES.map((status) => [status.toUpperCase(), status]));
registerEnumType(STATUS_ENUM, { name: 'OptimizationStatus', description: 'The states of an optimisation.' });

@ObjectType('OptimizationError', { description: 'Why an optimisation failed.' })
class OptimizationErrorObject {
  @Field(() => String) code: string;
  @Field(() => String) message: string;
  @Field(() => Boolean) retryable: boolean;
}

@ObjectType('OptimizerSettings', { description: 'An optimiser of DSPy and what it is told.' })
class OptimizerObject {
  @Field(() => String) name: string;
  @Field(() => JsonScalar) settings: unknown;
}

@ObjectType('OptimizationExampleCounts', { description: 'The optimiser has the first two and never sees the third.' })
class OptimizationExampleCountsObject {
  @Field(() => Int) train: number;
  @Field(() => Int) validation: number;
  @Field(() => Int) test: number;
}

@ObjectType('OptimizationProgress', { description: 'How far an optimisation is.' })
class OptimizationProgressObject {
  @Field(() => Int) trials: number;
  @Field(() => Int, { nullable: true }) planned: number | null;
  @Field(() => Float, { nullable: true }) fraction: number | null;
  @Field(() => DateTimeScalar, { nullable: true }) etaAt: string | null;
}

@ObjectType('OptimizationBest', { description: 'The best candidate on validation so far.' })
class OptimizationBestObject {
  @Field(() => Int) trial: number;
  @Field(() => Float) score: number;
}

@ObjectType('OptimizationUsage', { description: 'Tokens and money; null where unknown.' })
class OptimizationUsageObject {
  // A long run has more tokens than 32 bits count.
  @Field(() => Float, { nullable: true }) promptTokens: number | null;
  @Field(() => Float, { nullable: true }) completionTokens: number | null;
  @Field(() => Float, { nullable: true }) costUsd: number | null;
}

@ObjectType('OptimizationGuard', { description: 'How the candidate was judged on the untouched split.' })
class OptimizationGuardObject {
  @Field(() => ID, { description: 'The evaluation of the program as it was.' }) baseline: string;
  @Field(() => ID, { description: 'The evaluation of the candidate.' }) candidate: string;
  @Field(() => EvaluationComparisonObject, { nullable: true }) comparison: EvaluationComparisonObject | null;
  @Field(() => OptimizationUsageObject) usage: OptimizationUsageObject;
}

@ObjectType('OptimizationPublication', { description: 'That the candidate was published, and against what advice.' })
class OptimizationPublicationObject {
  @Field(() => DateTimeScalar) requestedAt: string;
  @Field(() => DateTimeScalar, { nullable: true }) publishedAt: string | null;
  @Field(() => String, { nullable: true }) verdict: string | null;
  @Field(() => JsonScalar, { nullable: true }) override: unknown;
}

@ObjectType('OptimizationTrial', { description: 'One evaluation of a candidate, and where the run stood.' })
export class OptimizationTrialObject {
  @Field(() => Int) number: number;
  @Field(() => Boolean, { description: 'Whether all validation examples were asked.' }) isFull: boolean;
  @Field(() => Float) score: number;
  @Field(() => Int) examples: number;
  @Field(() => Float, { nullable: true }) bestScore: number | null;
  @Field(() => Float) elapsedMs: number;
}

@ObjectType('Optimization', {
  description: 'A version of a program that an optimiser improves, and what is shown of it.',
})
@Directive('@key(fields: "id")')
export class OptimizationObject {
  @Field(() => ID) id: string;
  @Field(() => String, { nullable: true }) name: string | null;
  @Field(() => ID) programId: string;
  @Field(() => String) programName: string;
  @Field(() => Int) version: number;
  @Field(() => ID) datasetId: string;
  @Field(() => String) datasetName: string;
  @Field(() => Int) datasetVersion: number;
  @Field(() => ID) metricId: string;
  @Field(() => String) metricName: string;
  @Field(() => Int) metricVersion: number;
  @Field(() => String) modelName: string;
  @Field(() => Int) modelVersion: number;
  @Field(() => OptimizerObject) optimizer: OptimizerObject;
  @Field(() => Int) seed: number;
  @Field(() => Int) threads: number;
  @Field(() => Float) level: number;
  @Field(() => OptimizationExampleCountsObject) examples: OptimizationExampleCountsObject;
  @Field(() => STATUS_ENUM) status: OptimizationStatus;
  @Field(() => Boolean, { description: 'Whether it was stopped on request.' }) stoppedEarly: boolean;
  @Field(() => OptimizationErrorObject, { nullable: true }) error: OptimizationErrorObject | null;
  @Field(() => OptimizationProgressObject) progress: OptimizationProgressObject;
  @Field(() => Float, { nullable: true, description: 'Of the program as it was, on validation.' })
  parentScore: number | null;
  @Field(() => OptimizationBestObject, { nullable: true }) best: OptimizationBestObject | null;
  @Field(() => Int, { nullable: true, description: 'The version that has what was found, not published.' })
  candidateVersion: number | null;
  @Field(() => OptimizationGuardObject, { nullable: true }) guard: OptimizationGuardObject | null;
  @Field(() => String, { nullable: true, description: 'What is shown of the candidate, in one plain sentence.' })
  conclusion: string | null;
  @Field(() => OptimizationPublicationObject, { nullable: true }) publication: OptimizationPublicationObject | null;
  @Field(() => Int, { description: 'Answers that models gave.' }) calls: number;
  @Field(() => OptimizationUsageObject) usage: OptimizationUsageObject;
  @Field(() => Int) attempt: number;
  @Field(() => JsonScalar, { description: 'Versions of python, dspy and what else had a part in it.' })
  versions: unknown;
  @Field(() => String) traceId: string;
  @Field(() => DateTimeScalar) createdAt: string;
  @Field(() => DateTimeScalar, { nullable: true }) startedAt: string | null;
  @Field(() => DateTimeScalar, { nullable: true }) finishedAt: string | null;
}

export const OptimizationConnection = connectionType('Optimization', OptimizationObject);

@ResourceFilter('OptimizationFilter')
export class OptimizationFilter {
  @Field(() => IdFilter, { nullable: true }) id?: IdFilter;
  @Field(() => StringFilter, { nullable: true }) name?: StringFilter;
  @Field(() => IdFilter, { nullable: true }) programId?: IdFilter;
  @Field(() => StringFilter, { nullable: true }) program?: StringFilter;
  @Field(() => IntFilter, { nullable: true }) version?: IntFilter;
  @Field(() => StringFilter, { nullable: true }) dataset?: StringFilter;
  @Field(() => StringFilter, { nullable: true }) metric?: StringFilter;
  @Field(() => StringFilter, { nullable: true }) optimizer?: StringFilter;
  @Field(() => IntFilter, { nullable: true }) candidateVersion?: IntFilter;
  @Field(() => StringFilter, { nullable: true }) status?: StringFilter;
  @Field(() => DateTimeFilter, { nullable: true }) createdAt?: DateTimeFilter;
  @Field(() => DateTimeFilter, { nullable: true }) finishedAt?: DateTimeFilter;
}

@ArgsType()
export class OptimizationConnectionArgs extends ConnectionArgs {
  @Field(() => OptimizationFilter, { nullable: true }) filter?: OptimizationFilter;
}

@InputType()
export class OptimizerInput {
  @Field(() => String, {
    description: 'LabeledFewShot, BootstrapFewShot, BootstrapFewShotWithRandomSearch, MIPROv2 or GEPA.',
  })
  name: string;
  @Field(() => JsonScalar) settings: unknown;
}

@InputType()
export class CreateOptimizationInput {
  @Field(() => String, { description: 'Its name or id.' }) program: string;
  @Field(() => Int, { nullable: true, description: 'The published version, unless given.' }) version?: number;
  @Field(() => String, { nullable: true }) model?: string;
  @Field(() => String, { description: 'Its name or id.' }) dataset: string;
  @Field(() => Int, { nullable: true, description: 'The newest version, unless given.' }) datasetVersion?: number;
  @Field(() => String) metric: string;
  @Field(() => Int, { nullable: true, description: 'The newest version, unless given.' }) metricVersion?: number;
  @Field(() => OptimizerInput) optimizer: OptimizerInput;
  @Field(() => Int, { nullable: true, description: 'Decides every draw; 0 unless given.' }) seed?: number;
  @Field(() => Int, { nullable: true }) threads?: number;
  @Field(() => Float, { nullable: true, description: 'How sure it has to be that the candidate is better.' })
  level?: number;
  @Field(() => String, { nullable: true }) name?: string;
}
