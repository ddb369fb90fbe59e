import { JsonScalar } from '@dspy-nest/graphql';
import { UNTYPED_OUTPUT } from '@dspy-nest/programs';
import { createUnionType, Field, ObjectType } from '@nestjs/graphql';
import { ExecutionType } from '../executions/execution.type';

@ObjectType(UNTYPED_OUTPUT, {
  description: 'What an execution gave whose program has no types, such as a deleted one.',
})
export class UntypedOutputType {
  @Field(() => JsonScalar) outputs: object;
  @Field(() => ExecutionType) execution: ExecutionType;
}

export const ProgramOutput = createUnionType({
  name: 'ProgramOutput',
  description: 'What an execution gave, in the types of its program.',
  types: () => [UntypedOutputType] as const,
  resolveType: ({ __typename }: { __typename: string }) => __typename,
});
