import { BATCH_CHUNK_MAX_ROWS, BatchCreateV1, OpenObject } from '@dspy-nest/contracts';
import { JsonScalar } from '@dspy-nest/graphql';
import { ContractPipe } from '@dspy-nest/messaging';
import { type RequestContext, uuidv7 } from '@dspy-nest/platform';
import { Args, Context, Field, InputType, Int, Mutation, Resolver } from '@nestjs/graphql';
import { z } from 'zod';
import { BatchType } from '../batches/batch.type';
import { type BatchNode, toBatchNode } from '../batches/batches.resolver';
import { BatchUploadsService } from './batch-uploads.service';

@InputType()
class CreateBatchInput {
  @Field(() => String, { description: 'The id of a program, or its name.' }) program: string;
  @Field(() => [JsonScalar], {
    description: `The inputs of one execution each, at most ${BATCH_CHUNK_MAX_ROWS}. More come as lines by REST.`,
  })
  rows: Record<string, unknown>[];
  @Field(() => String, { nullable: true, description: 'What the batch is called in lists.' }) name?: string;
  @Field(() => Int, { nullable: true }) version?: number;
  @Field(() => String, { nullable: true }) model?: string;
  @Field(() => String, { nullable: true }) adapter?: string;
  @Field(() => String, { nullable: true }) format?: string;
  @Field(() => Int, { nullable: true, description: 'The total time of each row.' }) timeoutMs?: number;
  @Field(() => Int, { nullable: true }) maxRetries?: number;
}

const WholeBatch = BatchCreateV1.omit({ id: true }).extend({
  rows: z.array(OpenObject).min(1).max(BATCH_CHUNK_MAX_ROWS),
});
type WholeBatch = z.infer<typeof WholeBatch>;

/** Batches that come whole, in GraphQL. */
@Resolver(() => BatchType)
export class BatchUploadsResolver {
  constructor(private readonly uploads: BatchUploadsService) {}

  @Mutation(() => BatchType, {
    description: 'Has a program run over many inputs; read the batch again to see how it goes.',
  })
  async createBatch(
    @Context('context') ctx: RequestContext,
    @Args('input', { type: () => CreateBatchInput }, new ContractPipe(WholeBatch)) { rows, ...request }: WholeBatch,
  ): Promise<BatchNode> {
    const brought = rows.map((inputs) => ({ inputs }));
    return toBatchNode(await this.uploads.createWhole(ctx, { id: uuidv7(), ...request }, brought));
  }
}
