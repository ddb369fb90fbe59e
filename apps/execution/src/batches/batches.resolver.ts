import type { BatchV1 } from '@dspy-nest/contracts';
import { type Connection, ConnectionArgs, pageRequestFrom, toConnection } from '@dspy-nest/graphql';
import { type RequestContext } from '@dspy-nest/platform';
import { Args, ArgsType, Context, Field, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { ProgramReference } from '../executions/execution.type';
import { BatchConnection, BatchFilter, BatchType } from './batch.type';
import { BatchesService } from './batches.service';

@ArgsType()
class BatchesArgs extends ConnectionArgs {
  @Field(() => BatchFilter, { nullable: true }) filter?: BatchFilter;
}

/** A batch as its type has it: names of others beside references to them. */
export type BatchNode = BatchV1 & { programName: string; signatureName: string };

/** The batch as GraphQL has it. */
export const toBatchNode = (batch: BatchV1): BatchNode => ({
  ...batch,
  programName: batch.program,
  signatureName: batch.signature,
});

/** Batches in GraphQL. */
@Resolver(() => BatchType)
export class BatchesResolver {
  constructor(private readonly batches: BatchesService) {}

  @Query(() => BatchType, { description: 'One batch.' })
  async batch(@Context('context') ctx: RequestContext, @Args('id', { type: () => ID }) id: string): Promise<BatchNode> {
    return toBatchNode(await this.batches.get(ctx, id));
  }

  @Query(() => BatchConnection, { name: 'batches', description: 'Batches, newest first.' })
  async list(@Context('context') ctx: RequestContext, @Args() args: BatchesArgs): Promise<Connection<BatchNode>> {
    const page = await this.batches.list(ctx, pageRequestFrom(args));
    return toConnection({ ...page, items: page.items.map(toBatchNode) });
  }

  @Mutation(() => BatchType, { description: 'Has a batch run no more rows, and gives up those that run.' })
  async cancelBatch(
    @Context('context') ctx: RequestContext,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<BatchNode> {
    return toBatchNode(await this.batches.cancel(ctx, id));
  }

  @ResolveField(() => ProgramReference, { name: 'program', nullable: true })
  program(@Parent() batch: BatchNode): { __typename: string; id: string } {
    return { __typename: 'Program', id: batch.programId };
  }
}
