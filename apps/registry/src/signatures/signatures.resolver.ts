import {
  SignatureCreateV1,
  SignatureName,
  SignatureRefV1,
  SignatureUpdateV1,
  type SignatureV1,
} from '@dspy-nest/contracts';
import { ContractPipe } from '@dspy-nest/messaging';
import { toConnection, type Connection, type RequestContext } from '@dspy-nest/platform';
import {
  Args,
  ArgsType,
  Context,
  Field,
  Int,
  Mutation,
  Parent,
  Query,
  ResolveReference,
  Resolver,
} from '@nestjs/graphql';
import { checkedPage } from '../subgraph/connection-type';
import { RequestLoader } from '../subgraph/request-loader';
import {
  CreateSignatureInput,
  SignatureConnection,
  SignatureConnectionArgs,
  SignatureObject,
  UpdateSignatureInput,
} from '../subgraph/signature.object';
import { SignaturesService } from './signatures.service';

@ArgsType()
class SignatureArgs {
  @Field(() => String) name: string;
  @Field(() => Int, { nullable: true }) version?: number;
}

/** Signatures in the registry's subgraph. */
@Resolver(() => SignatureObject)
export class SignaturesResolver {
  private readonly byId: RequestLoader<{ id: string }, SignatureV1>;

  constructor(private readonly service: SignaturesService) {
    const fetch = (ctx: RequestContext, refs: { id: string }[]): Promise<SignatureV1[]> =>
      service.getMany(
        ctx,
        refs.map(({ id }) => id),
      );
    this.byId = new RequestLoader(fetch, ({ id }) => id);
  }

  @Query(() => SignatureConnection)
  async signatures(
    @Context('context') ctx: RequestContext,
    @Args() args: SignatureConnectionArgs,
  ): Promise<Connection<SignatureV1>> {
    return toConnection(await this.service.list(ctx, checkedPage(args)));
  }

  @Query(() => SignatureObject, { nullable: true })
  signature(
    @Context('context') ctx: RequestContext,
    @Args(new ContractPipe(SignatureRefV1)) args: SignatureArgs,
  ): Promise<SignatureV1> {
    return this.service.get(ctx, args);
  }

  @Mutation(() => SignatureObject)
  createSignature(
    @Context('context') ctx: RequestContext,
    @Args('input', { type: () => CreateSignatureInput }, new ContractPipe(SignatureCreateV1)) input: SignatureCreateV1,
  ): Promise<SignatureV1> {
    return this.service.create(ctx, input);
  }

  @Mutation(() => SignatureObject, { description: 'Makes a new version of what is given.' })
  updateSignature(
    @Context('context') ctx: RequestContext,
    @Args('input', { type: () => UpdateSignatureInput }, new ContractPipe(SignatureUpdateV1)) input: SignatureUpdateV1,
  ): Promise<SignatureV1> {
    return this.service.update(ctx, input);
  }

  @Mutation(() => SignatureObject, { description: 'Answers what was deleted.' })
  deleteSignature(
    @Context('context') ctx: RequestContext,
    @Args('name', new ContractPipe(SignatureName)) name: string,
  ): Promise<SignatureV1> {
    return this.service.delete(ctx, { name });
  }

  @ResolveReference()
  resolveReference(
    @Parent() { id }: { id: string },
    @Context('context') ctx: RequestContext,
  ): Promise<SignatureV1 | null> {
    return this.byId.load(ctx, { id });
  }
}
