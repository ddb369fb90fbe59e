import {
  ConnectionArgs,
  DateTimeFilter,
  DateTimeScalar,
  IdFilter,
  IntFilter,
  JsonScalar,
  ResourceFilter,
  StringFilter,
  connectionType,
} from '@dspy-nest/graphql';
import { ArgsType, Directive, Field, Float, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { ModelRequirementsInput } from './model.object';

@ObjectType('Program', { description: 'A DSPy program, in one version.' })
@Directive('@key(fields: "id")')
export class ProgramObject {
  @Field(() => ID) id: string;
  @Directive('@shareable')
  @Field(() => String)
  name: string;
  @Field(() => Int) version: number;
  @Field(() => String, { nullable: true }) description: string | null;
  @Field(() => Int) signatureVersion: number;
  @Field(() => String) module: string;
  @Field(() => String, { nullable: true, description: 'null is the model "default".' }) model: string | null;
  @Field(() => String) adapter: string;
  @Field(() => String) format: string;
  @Field(() => JsonScalar) config: unknown;
  @Field(() => String) hash: string;
  @Field(() => DateTimeScalar) createdAt: string;
  @Field(() => DateTimeScalar) updatedAt: string;
}

export const ProgramConnection = connectionType('Program', ProgramObject);

@ResourceFilter('ProgramFilter')
export class ProgramFilter {
  @Field(() => IdFilter, { nullable: true }) id?: IdFilter;
  @Field(() => StringFilter, { nullable: true }) name?: StringFilter;
  @Field(() => IntFilter, { nullable: true }) version?: IntFilter;
  @Field(() => StringFilter, { nullable: true }) description?: StringFilter;
  @Field(() => StringFilter, { nullable: true }) signature?: StringFilter;
  @Field(() => IntFilter, { nullable: true }) signatureVersion?: IntFilter;
  @Field(() => StringFilter, { nullable: true }) module?: StringFilter;
  @Field(() => StringFilter, { nullable: true }) model?: StringFilter;
  @Field(() => StringFilter, { nullable: true }) adapter?: StringFilter;
  @Field(() => StringFilter, { nullable: true }) format?: StringFilter;
  @Field(() => StringFilter, { nullable: true }) hash?: StringFilter;
  @Field(() => DateTimeFilter, { nullable: true }) createdAt?: DateTimeFilter;
  @Field(() => DateTimeFilter, { nullable: true }) updatedAt?: DateTimeFilter;
}

@ArgsType()
export class ProgramConnectionArgs extends ConnectionArgs {
  @Field(() => ProgramFilter, { nullable: true }) filter?: ProgramFilter;
}

@InputType({ description: 'What tells a better answer from a worse one.' })
class RewardInput {
  @Field(() => String, { description: 'The output whose value is the reward.' }) field: string;
}

@InputType({ description: 'How the adapter multi takes one answer of those of several models.' })
class MultiInput {
  @Field(() => String, { description: 'first, vote or best.' }) strategy: string;
  @Field(() => [String], { nullable: true, description: 'The outputs that decide.' }) fields?: string[];
}

@InputType({ description: 'What the adapter router wants of a model beside a low price.' })
class RouterInput {
  @Field(() => ModelRequirementsInput, { nullable: true }) requires?: ModelRequirementsInput;
  @Field(() => Int, {
    nullable: true,
    description: 'The 95th percentile of the time that a model took lately, at most.',
  })
  maxP95Ms?: number;
}

@InputType({ description: 'The clocks of one model call, in milliseconds.' })
class CallLimitsInput {
  @Field(() => Int, { nullable: true }) connectMs?: number;
  @Field(() => Int, { nullable: true }) firstTokenMs?: number;
  @Field(() => Int, { nullable: true }) idleMs?: number;
  @Field(() => Int, { nullable: true }) attemptMs?: number;
}

@InputType({ description: 'How values are checked: "strict", or "coerce" to mend them first and tell it.' })
class ValidationInput {
  @Field(() => String, { nullable: true, description: 'strict unless said otherwise.' }) inputs?: string;
  @Field(() => String, { nullable: true, description: 'coerce unless said otherwise.' }) outputs?: string;
}

@InputType({ description: 'Whether answers are kept for callers who ask the same again.' })
class CacheInput {
  @Field(() => Int, { description: 'How long an answer is given again.' }) ttlSeconds: number;
}

@InputType()
export class ProgramConfigInput {
  @Field(() => Float, { nullable: true }) temperature?: number;
  @Field(() => Int, { nullable: true }) maxTokens?: number;
  @Field(() => Float, { nullable: true }) topP?: number;
  @Field(() => Int, { nullable: true, description: 'Answers that are compared.' }) attempts?: number;
  @Field(() => RewardInput, { nullable: true }) reward?: RewardInput;
  @Field(() => Float, { nullable: true, description: 'The reward that is good enough.' }) threshold?: number;
  @Field(() => [String], { nullable: true, description: 'Tools that ReAct may call.' }) tools?: string[];
  @Field(() => Int, { nullable: true, description: 'Turns in which it may.' }) maxIters?: number;
  @Field(() => Int, { nullable: true, description: 'Total time of an execution that names none.' }) timeoutMs?: number;
  @Field(() => CallLimitsInput, { nullable: true }) limits?: CallLimitsInput;
  @Field(() => Int, { nullable: true, description: 'Model calls again in one execution.' }) maxRetries?: number;
  @Field(() => Int, { nullable: true, description: 'Executions that may be open at once.' }) maxConcurrency?: number;
  @Field(() => String, { nullable: true, description: 'Prompts and completions: all or none.' }) record?: string;
  @Field(() => ValidationInput, { nullable: true }) validation?: ValidationInput;
  @Field(() => CacheInput, { nullable: true }) cache?: CacheInput;
  @Field(() => [String], { nullable: true, description: 'What router chooses from and multi asks.' }) models?: string[];
  @Field(() => MultiInput, { nullable: true }) multi?: MultiInput;
  @Field(() => RouterInput, { nullable: true }) router?: RouterInput;
  @Field(() => String, { nullable: true, description: 'What runs it while no worker lives: native.' })
  fallback?: string;
}

const SIGNATURE =
  'The name of a signature, or a definition: then its signature takes the name of the program in PascalCase.';
const SIGNATURE_VERSION = 'The version of the named signature; the newest, unless given.';

@InputType()
export class CreateProgramInput {
  @Field(() => String) name: string;
  @Field(() => String, { description: SIGNATURE }) signature: string;
  @Field(() => Int, { nullable: true, description: SIGNATURE_VERSION }) signatureVersion?: number;
  @Field(() => String, { nullable: true }) description?: string;
  @Field(() => String, { nullable: true }) module?: string;
  @Field(() => String, { nullable: true }) model?: string | null;
  @Field(() => String, { nullable: true }) adapter?: string;
  @Field(() => String, { nullable: true }) format?: string;
  @Field(() => ProgramConfigInput, { nullable: true }) config?: ProgramConfigInput;
}

@InputType()
export class UpdateProgramInput {
  @Field(() => String, { description: 'The program to change.' }) name: string;
  @Field(() => String, { nullable: true, description: SIGNATURE }) signature?: string;
  @Field(() => Int, { nullable: true, description: SIGNATURE_VERSION }) signatureVersion?: number;
  @Field(() => String, { nullable: true }) description?: string;
  @Field(() => String, { nullable: true }) module?: string;
  @Field(() => String, { nullable: true }) model?: string | null;
  @Field(() => String, { nullable: true }) adapter?: string;
  @Field(() => String, { nullable: true }) format?: string;
  @Field(() => ProgramConfigInput, { nullable: true }) config?: ProgramConfigInput;
  @Field(() => JsonScalar, { nullable: true, description: 'null leaves behind what the program has learned.' })
  state?: null;
}
