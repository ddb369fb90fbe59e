import { FeedbackSource } from '@dspy-nest/contracts';
import {
  BooleanFilter,
  DateTimeFilter,
  FloatFilter,
  IdFilter,
  JsonScalar,
  PageInfo,
  ResourceFilter,
  StringFilter,
} from '@dspy-nest/graphql';
import { Field, Float, ID, ObjectType, registerEnumType } from '@nestjs/graphql';

/** Who or what gives feedback, by its name in GraphQL. */
export const SOURCE_ENUM = Object.fromEntries(FeedbackSource.options.map((source) => [source.toUpperCase(), source]));
registerEnumType(SOURCE_ENUM, { name: 'FeedbackSource', description: 'Who or what gives feedback.' });

@ObjectType('Feedback', { description: 'What somebody said of an execution.' })
export class FeedbackType {
  @Field(() => ID) id: string;
  @Field(() => ID) executionId: string;
  @Field(() => String, { nullable: true, description: 'What the score is about.' }) name: string | null;
  @Field(() => Float, { nullable: true, description: 'From 0, bad, to 1, good.' }) score: number | null;
  @Field(() => String, { nullable: true }) comment: string | null;
  @Field(() => JsonScalar, { nullable: true, description: 'Outputs as they should have been.' })
  correction: object | null;
  @Field(() => SOURCE_ENUM) source: FeedbackSource;
  @Field(() => String, { nullable: true }) author: string | null;
  @Field(() => String) createdAt: string;
}

@ObjectType('FeedbackEdge')
class FeedbackEdge {
  @Field(() => FeedbackType) node: FeedbackType;
  @Field(() => String) cursor: string;
}

@ObjectType('FeedbackConnection')
export class FeedbackConnection {
  @Field(() => [FeedbackEdge]) edges: FeedbackEdge[];
  @Field(() => PageInfo) pageInfo: PageInfo;
}

@ResourceFilter('FeedbackFilter')
export class FeedbackFilter {
  @Field(() => IdFilter, { nullable: true }) id?: IdFilter;
  @Field(() => StringFilter, { nullable: true }) name?: StringFilter;
  @Field(() => FloatFilter, { nullable: true }) score?: FloatFilter;
  @Field(() => StringFilter, { nullable: true }) comment?: StringFilter;
  @Field(() => BooleanFilter, { nullable: true }) corrected?: BooleanFilter;
  @Field(() => StringFilter, { nullable: true }) source?: StringFilter;
  @Field(() => StringFilter, { nullable: true }) author?: StringFilter;
  @Field(() => DateTimeFilter, { nullable: true }) createdAt?: DateTimeFilter;
}
