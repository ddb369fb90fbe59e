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
import { ArgsType, Directive, Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';

@ObjectType('Metric', { description: 'How good one answer is, from 0 to 1, in one version.' })
@Directive('@key(fields: "id")')
export class MetricObject {
  @Field(() => ID) id: string;
  @Field(() => String) name: string;
  @Field(() => Int) version: number;
  @Field(() => String) kind: string;
  @Field(() => JsonScalar) definition: unknown;
  @Field(() => String, { nullable: true }) description: string | null;
  @Field(() => DateTimeScalar) createdAt: string;
}

export const MetricConnection = connectionType('Metric', MetricObject);

@ResourceFilter('MetricFilter')
export class MetricFilter {
  @Field(() => IdFilter, { nullable: true }) id?: IdFilter;
  @Field(() => StringFilter, { nullable: true }) name?: StringFilter;
  @Field(() => IntFilter, { nullable: true }) version?: IntFilter;
  @Field(() => StringFilter, { nullable: true }) kind?: StringFilter;
  @Field(() => StringFilter, { nullable: true }) description?: StringFilter;
  @Field(() => DateTimeFilter, { nullable: true }) createdAt?: DateTimeFilter;
}

@ArgsType()
export class MetricConnectionArgs extends ConnectionArgs {
  @Field(() => MetricFilter, { nullable: true }) filter?: MetricFilter;
}

@InputType()
export class CreateMetricInput {
  @Field(() => String) name: string;
  @Field(() => JsonScalar) definition: unknown;
  @Field(() => String, { nullable: true }) description?: string;
}

@InputType()
export class UpdateMetricInput {
  @Field(() => String, { description: 'The metric to change.' }) name: string;
  @Field(() => JsonScalar, { nullable: true }) definition?: unknown;
  @Field(() => String, { nullable: true }) description?: string;
}
