import { ModelCreateV1, ModelName, ModelUpdateV1, type ModelV1 } from '@dspy-nest/contracts';
import { pageRequestFrom, RequestLoader, toConnection, type Connection } from '@dspy-nest/graphql';
import { ContractPipe } from '@dspy-nest/messaging';
import { type RequestContext } from '@dspy-nest/platform';
import { Args, Context, Mutation, Parent, Query, ResolveReference, Resolver } from '@nestjs/graphql';
import {
  CreateModelInput,
  ModelConnection,
  ModelConnectionArgs,
  ModelObject,
  UpdateModelInput,
} from '../subgraph/model.object';
import { ModelsService } from './models.service';

/** Models in the registry's subgraph; no field shows a key. */
@Resolver(() => ModelObject)
export class ModelsResolver {
  private readonly byId: RequestLoader<{ id: string }, ModelV1>;

  constructor(private readonly service: ModelsService) {
    const fetch = (ctx: RequestContext, refs: { id: string }[]): Promise<ModelV1[]> =>
      service.getMany(
        ctx,
        refs.map(({ id }) => id),
      );
    this.byId = new RequestLoader(fetch, ({ id }) => id);
  }

  @Query(() => ModelConnection)
  async models(
    @Context('context') ctx: RequestContext,
    @Args() args: ModelConnectionArgs,
  ): Promise<Connection<ModelV1>> {
    return toConnection(await this.service.list(ctx, pageRequestFrom(args)));
  }

  @Query(() => ModelObject, { nullable: true })
  model(
    @Context('context') ctx: RequestContext,
    @Args('name', new ContractPipe(ModelName)) name: string,
  ): Promise<ModelV1> {
    return this.service.get(ctx, { name });
  }

  @Mutation(() => ModelObject)
  createModel(
    @Context('context') ctx: RequestContext,
    @Args('input', { type: () => CreateModelInput }, new ContractPipe(ModelCreateV1)) input: ModelCreateV1,
  ): Promise<ModelV1> {
    return this.service.create(ctx, input);
  }

  @Mutation(() => ModelObject, { description: 'Changes the model in place; its version goes up.' })
  updateModel(
    @Context('context') ctx: RequestContext,
    @Args('input', { type: () => UpdateModelInput }, new ContractPipe(ModelUpdateV1)) input: ModelUpdateV1,
  ): Promise<ModelV1> {
    return this.service.update(ctx, input);
  }

  @Mutation(() => ModelObject, { description: 'Answers what was deleted.' })
  deleteModel(
    @Context('context') ctx: RequestContext,
    @Args('name', new ContractPipe(ModelName)) name: string,
  ): Promise<ModelV1> {
    return this.service.delete(ctx, { name });
  }

  @ResolveReference()
  resolveReference(@Parent() { id }: { id: string }, @Context('context') ctx: RequestContext): Promise<ModelV1 | null> {
    return this.byId.load(ctx, { id });
  }
}
