import {
  BooleanFilter,
  ConnectionArgs,
  DateTimeFilter,
  DateTimeScalar,
  FloatFilter,
  IdFilter,
  IntFilter,
  ResourceFilter,
  StringFilter,
  connectionType,
} from '@dspy-nest/graphql';
import { ArgsType, Directive, Field, Float, ID, InputType, Int, ObjectType } from '@nestjs/graphql';

@ObjectType('ModelPricing', { description: 'In USD per million tokens; null where unknown.' })
export class ModelPricingObject {
  @Field(() => Float, { nullable: true }) inputPerMillionUsd: number | null;
  @Field(() => Float, { nullable: true }) outputPerMillionUsd: number | null;
}

@ObjectType('ModelCapabilities')
export class ModelCapabilitiesObject {
  @Field(() => Boolean) grammar: boolean;
  @Field(() => Boolean) jsonSchema: boolean;
  @Field(() => Boolean, { nullable: true, description: 'Takes images in messages.' }) images?: boolean;
  @Field(() => Int, { nullable: true, description: 'Tokens of prompt and answer together.' }) contextTokens?: number;
  @Field(() => Int, { nullable: true, description: 'Calls that it answers at once.' }) parallelCalls?: number;
}

@ObjectType('Model', { description: 'A language model behind an OpenAI-compatible endpoint.' })
@Directive('@key(fields: "id")')
export class ModelObject {
  @Field(() => ID) id: string;
  @Field(() => String) name: string;
  @Field(() => Int) version: number;
  @Field(() => String, { description: 'The name sent on the wire.' }) model: string;
  @Field(() => String) baseUrl: string;
  @Field(() => Boolean) hasApiKey: boolean;
  @Field(() => String, { description: 'The format that "auto" means for this model.' }) format: string;
  @Field(() => ModelPricingObject, { nullable: true }) pricing: ModelPricingObject | null;
  @Field(() => ModelCapabilitiesObject) capabilities: ModelCapabilitiesObject;
  @Field(() => DateTimeScalar) createdAt: string;
  @Field(() => DateTimeScalar) updatedAt: string;
}

export const ModelConnection = connectionType('Model', ModelObject);

@ResourceFilter('ModelFilter')
export class ModelFilter {
  @Field(() => IdFilter, { nullable: true }) id?: IdFilter;
  @Field(() => StringFilter, { nullable: true }) name?: StringFilter;
  @Field(() => IntFilter, { nullable: true }) version?: IntFilter;
  @Field(() => StringFilter, { nullable: true }) model?: StringFilter;
  @Field(() => StringFilter, { nullable: true }) baseUrl?: StringFilter;
  @Field(() => BooleanFilter, { nullable: true }) hasApiKey?: BooleanFilter;
  @Field(() => StringFilter, { nullable: true }) format?: StringFilter;
  @Field(() => FloatFilter, { nullable: true }) inputPerMillionUsd?: FloatFilter;
  @Field(() => FloatFilter, { nullable: true }) outputPerMillionUsd?: FloatFilter;
  @Field(() => DateTimeFilter, { nullable: true }) createdAt?: DateTimeFilter;
  @Field(() => DateTimeFilter, { nullable: true }) updatedAt?: DateTimeFilter;
}

@ArgsType()
export class ModelConnectionArgs extends ConnectionArgs {
  @Field(() => ModelFilter, { nullable: true }) filter?: ModelFilter;
}

@InputType()
export class ModelPricingInput {
  @Field(() => Float, { nullable: true, defaultValue: null }) inputPerMillionUsd: number | null;
  @Field(() => Float, { nullable: true, defaultValue: null }) outputPerMillionUsd: number | null;
}

@InputType({ description: 'What a model has to say it can do; others are never asked.' })
export class ModelRequirementsInput {
  @Field(() => Boolean, { nullable: true }) grammar?: boolean;
  @Field(() => Boolean, { nullable: true }) jsonSchema?: boolean;
  @Field(() => Boolean, { nullable: true }) images?: boolean;
  @Field(() => Int, { nullable: true }) contextTokens?: number;
}

@InputType()
export class ModelCapabilitiesInput {
  @Field(() => Boolean, { nullable: true }) grammar?: boolean;
  @Field(() => Boolean, { nullable: true }) jsonSchema?: boolean;
  @Field(() => Boolean, { nullable: true }) images?: boolean;
  @Field(() => Int, { nullable: true }) contextTokens?: number;
  @Field(() => Int, { nullable: true }) parallelCalls?: number;
}

@InputType()
export class CreateModelInput {
  @Field(() => String) name: string;
  @Field(() => String) model: string;
  @Field(() => String) baseUrl: string;
  @Field(() => String, { nullable: true, description: 'Write-only.' }) apiKey?: string | null;
  @Field(() => String, { nullable: true }) format?: string;
  @Field(() => ModelPricingInput, { nullable: true }) pricing?: ModelPricingInput | null;
  @Field(() => ModelCapabilitiesInput, { nullable: true }) capabilities?: ModelCapabilitiesInput;
}

@InputType()
export class UpdateModelInput {
  @Field(() => String, { description: 'The model to change.' }) name: string;
  @Field(() => String, { nullable: true }) model?: string;
  @Field(() => String, { nullable: true }) baseUrl?: string;
  @Field(() => String, { nullable: true, description: 'Write-only. null removes the key.' }) apiKey?: string | null;
  @Field(() => String, { nullable: true }) format?: string;
  @Field(() => ModelPricingInput, { nullable: true }) pricing?: ModelPricingInput | null;
  @Field(() => ModelCapabilitiesInput, { nullable: true }) capabilities?: ModelCapabilitiesInput;
}
