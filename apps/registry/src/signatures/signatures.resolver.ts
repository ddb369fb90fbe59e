import {
  SignatureCreateV1,
  SignatureName,
  SignatureRefV1,
  SignatureUpdateV1,
  Version,
  type SignatureDiffV1,
  type SignatureV1,
} from '@dspy-nest/contracts';
import { PageLoader, pageRequestFrom, RequestLoader, toConnection, type Connection } from '@dspy-nest/graphql';
import { ContractPipe } from '@dspy-nest/messaging';
import { type RequestContext } from '@dspy-nest/platform';
import { checkSignature, type SignatureCheck } from '@dspy-nest/signature';
import {
  Args,
  ArgsType,
  Context,
  Field,
  Int,
  Mutation,
  Parent,
  Query,
  ResolveField,
  ResolveReference,
  Resolver,
} from '@nestjs/graphql';
import {
  CreateSignatureInput,
  SignatureConnection,
  SignatureConnectionArgs,
  SignatureDiffObject,
  SignatureObject,
  SignatureValidationObject,
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
  private readonly versionsOf: PageLoader<SignatureV1, SignatureV1>;

  constructor(private readonly service: SignaturesService) {
    const fetch = (ctx: RequestContext, refs: { id: string }[]): Promise<SignatureV1[]> =>
      service.getMany(
        ctx,
        refs.map(({ id }) => id),
      );
    this.byId = new RequestLoader(fetch, ({ id }) => id);
    this.versionsOf = new PageLoader((ctx, signatures, request) => service.versionsOf(ctx, signatures, request));
  }

  @Query(() => SignatureConnection)
  async signatures(
    @Context('context') ctx: RequestContext,
    @Args() args: SignatureConnectionArgs,
  ): Promise<Connection<SignatureV1>> {
    return toConnection(await this.service.list(ctx, pageRequestFrom(args)));
  }

  @Query(() => SignatureObject, { nullable: true })
  signature(
    @Context('context') ctx: RequestContext,
    @Args(new ContractPipe(SignatureRefV1)) args: SignatureArgs,
  ): Promise<SignatureV1> {
    return this.service.get(ctx, args);
  }

  @Query(() => SignatureValidationObject, { description: 'Judges a definition without storing it.' })
  validateSignature(
    @Args('definition', new ContractPipe(SignatureCreateV1.shape.definition)) definition: string,
  ): SignatureCheck {
    return checkSignature(definition);
  }

  @ResolveField(() => SignatureDiffObject, {
    description: 'What differs between two versions of it: from one, to this one or another.',
  })
  diff(
    @Parent() { name, version }: SignatureV1,
    @Context('context') ctx: RequestContext,
    @Args('from', { type: () => Int }, new ContractPipe(Version)) from: number,
    @Args('to', { type: () => Int, nullable: true }, new ContractPipe(Version.nullish())) to?: number | null,
  ): Promise<SignatureDiffV1> {
    return this.service.diff(ctx, { name, from, to: to ?? version });
  }

  @ResolveField(() => SignatureConnection, { description: 'All of its versions, the newest first.' })
  async versions(
    @Parent() signature: SignatureV1,
    @Context('context') ctx: RequestContext,
    @Args() args: SignatureConnectionArgs,
  ): Promise<Connection<SignatureV1>> {
    return toConnection(await this.versionsOf.load(ctx, signature, pageRequestFrom(args)));
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
