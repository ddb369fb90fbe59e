import type { ExecutionV1 } from '@dspy-nest/contracts';
import { programResult } from '@dspy-nest/programs';
import { Info, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { ExecutionType } from '../executions/execution.type';
import { ProgramOutput } from './program-output.type';
import { toTypedExecution } from './typed-execution';

/** What an execution gave, in the types that its program has in the schema of the request. */
@Resolver(() => ExecutionType)
export class ProgramResultResolver {
  @ResolveField(() => ProgramOutput, { nullable: true, description: 'The outputs, typed.' })
  result(@Parent() execution: ExecutionV1, @Info() { schema }: GraphQLResolveInfo): ReturnType<typeof programResult> {
    return programResult(schema, execution.programId, toTypedExecution(execution));
  }
}
