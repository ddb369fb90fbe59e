import {
  DatasetCreateV1,
  DatasetName,
  DatasetNameOrId,
  PAGE_LIMIT_DEFAULT,
  type DatasetV1,
  type ExampleSplit,
  type ExampleV1,
} from '@dspy-nest/contracts';
import { pageRequestFrom, toConnection, type Connection } from '@dspy-nest/graphql';
import { ContractPipe } from '@dspy-nest/messaging';
import { ValidationFailedError, type RequestContext } from '@dspy-nest/platform';
import { Args, Context, Int, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import {
  CreateDatasetInput,
  DatasetConnection,
  DatasetConnectionArgs,
  DatasetObject,
  ExampleConnection,
  SPLIT_ENUM,
} from '../subgraph/dataset.object';
import { DatasetsService } from './datasets.service';

/** A dataset as its type has it: counts beside the examples themselves. */
type Node = Omit<DatasetV1, 'examples'> & { signatureName: string; counts: DatasetV1['examples'] };

const toNode = ({ examples, ...rest }: DatasetV1): Node => ({
  ...rest,
  signatureName: rest.signature,
  counts: examples,
});

/** Datasets in the registry's subgraph. */
@Resolver(() => DatasetObject)
export class DatasetsResolver {
  constructor(private readonly service: DatasetsService) {}

  @Query(() => DatasetConnection, { description: 'Datasets in their newest versions.' })
  async datasets(
    @Context('context') ctx: RequestContext,
    @Args() args: DatasetConnectionArgs,
  ): Promise<Connection<Node>> {
    const page = await this.service.list(ctx, pageRequestFrom(args));
    return toConnection({ ...page, items: page.items.map(toNode) });
  }

  @Query(() => DatasetObject, { nullable: true, description: 'In one version, or the newest.' })
  async dataset(
    @Context('context') ctx: RequestContext,
    @Args('name', new ContractPipe(DatasetNameOrId)) name: string,
    @Args('version', { type: () => Int, nullable: true }) version?: number | null,
  ): Promise<Node> {
    return toNode(await this.service.get(ctx, { name, version: version ?? undefined }));
  }

  @Mutation(() => DatasetObject, { description: 'Makes a dataset without examples.' })
  async createDataset(
    @Context('context') ctx: RequestContext,
    @Args('input', { type: () => CreateDatasetInput }, new ContractPipe(DatasetCreateV1)) input: DatasetCreateV1,
  ): Promise<Node> {
    return toNode(await this.service.create(ctx, input));
  }

  @Mutation(() => DatasetObject, { description: 'Deletes all versions with their examples; answers what was deleted.' })
  async deleteDataset(
    @Context('context') ctx: RequestContext,
    @Args('name', new ContractPipe(DatasetName)) name: string,
  ): Promise<Node> {
    return toNode(await this.service.delete(ctx, { name }));
  }

  @ResolveField(() => ExampleConnection, { description: 'Of this version, in the order of their numbers.' })
  async examples(
    @Parent() { id: name, version }: Node,
    @Context('context') ctx: RequestContext,
    @Args('split', { type: () => SPLIT_ENUM, nullable: true }) split?: ExampleSplit | null,
    @Args('first', { type: () => Int, nullable: true }) first?: number | null,
    @Args('after', { type: () => String, nullable: true }) after?: string | null,
  ): Promise<Connection<ExampleV1>> {
    const { limit = PAGE_LIMIT_DEFAULT } = pageRequestFrom({ first });
    const beyond = numberOf(after ?? '0');
    const request = { name, version, after: beyond, limit, ...(split && { split }) };
    const { items, nextAfter } = await this.service.examples(ctx, request);
    const cursors = items.map(({ number }) => String(number));
    return toConnection({ items, cursors, hasNext: nextAfter !== null, hasPrevious: beyond > 0 });
  }
}

function numberOf(cursor: string): number {
  if (/^\d{1,9}$/.test(cursor)) return Number(cursor);
  const message = '"after" must be the cursor of an example.';
  throw new ValidationFailedError(message, [{ pointer: '/after', code: 'invalid_cursor', message }]);
}
