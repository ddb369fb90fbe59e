import { DateTimeFilter, IdFilter, IntFilter, PageInfo, ResourceFilter, StringFilter } from '@dspy-nest/graphql';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';

@ObjectType('DeadLetter', { description: 'A job that the fleet gave up, kept until somebody looks.' })
export class DeadLetterType {
  @Field(() => ID) id: string;
  @Field(() => ID, { nullable: true, description: 'null when the job could not be read.' }) executionId: string | null;
  @Field(() => String, { nullable: true }) program: string | null;
  @Field(() => String, { description: 'Where the job lay in the work queue.' }) subject: string;
  @Field(() => String) code: string;
  @Field(() => String) message: string;
  @Field(() => Int) attempts: number;
  @Field(() => String, { nullable: true }) worker: string | null;
  @Field(() => String) createdAt: string;
  @Field(() => ID, { nullable: true, description: 'The execution that its replay made.' }) replayedAs: string | null;
  @Field(() => String, { nullable: true }) replayedAt: string | null;
}

@ObjectType('DeadLetterEdge')
export class DeadLetterEdge {
  @Field(() => DeadLetterType) node: DeadLetterType;
  @Field(() => String) cursor: string;
}

@ObjectType('DeadLetterConnection')
export class DeadLetterConnection {
  @Field(() => [DeadLetterEdge]) edges: DeadLetterEdge[];
  @Field(() => PageInfo) pageInfo: PageInfo;
}

@ResourceFilter('DeadLetterFilter')
export class DeadLetterFilter {
  @Field(() => IdFilter, { nullable: true }) id?: IdFilter;
  @Field(() => IdFilter, { nullable: true }) executionId?: IdFilter;
  @Field(() => StringFilter, { nullable: true }) program?: StringFilter;
  @Field(() => StringFilter, { nullable: true }) subject?: StringFilter;
  @Field(() => StringFilter, { nullable: true }) code?: StringFilter;
  @Field(() => StringFilter, { nullable: true }) message?: StringFilter;
  @Field(() => IntFilter, { nullable: true }) attempts?: IntFilter;
  @Field(() => StringFilter, { nullable: true }) worker?: StringFilter;
  @Field(() => DateTimeFilter, { nullable: true }) createdAt?: DateTimeFilter;
  @Field(() => IdFilter, { nullable: true }) replayedAs?: IdFilter;
  @Field(() => DateTimeFilter, { nullable: true }) replayedAt?: DateTimeFilter;
}
