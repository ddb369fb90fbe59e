import { ProgramCreateV1, ProgramName, ProgramUpdateV1, type ProgramV1, type SignatureV1 } from '@dspy-nest/contracts';
import { PageLoader, pageRequestFrom, RequestLoader, toConnection, type Connection } from '@dspy-nest/graphql';
import { ContractPipe } from '@dspy-nest/messaging';
import { type RequestContext } from '@dspy-nest/platform';
import { Args, Context, ID, Mutation, Parent, Query, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import { SignaturesService } from '../signatures/signatures.service';
import {
  CreateProgramInput,
  ProgramConnection,
  ProgramConnectionArgs,
  ProgramObject,
  UpdateProgramInput,
} from '../subgraph/program.object';
import { SignatureObject } from '../subgraph/signature.object';
import { ProgramsService } from './programs.service';

/** Programs in the registry's subgraph. */
@Resolver(() => ProgramObject)
export class ProgramsResolver {
  private readonly byId: RequestLoader<{ id: string }, ProgramV1>;
  private readonly versionsOf: PageLoader<ProgramV1, ProgramV1>;
  private readonly pinned: RequestLoader<{ name: string; version: number }, SignatureV1>;

  constructor(
    private readonly service: ProgramsService,
    signatures: SignaturesService,
  ) {
    const fetch = (ctx: RequestContext, refs: { id: string }[]): Promise<ProgramV1[]> =>
      service.getMany(
        ctx,
        refs.map(({ id }) => id),
      );
    this.byId = new RequestLoader(fetch, ({ id }) => id);
    this.versionsOf = new PageLoader((ctx, programs, request) => service.versionsOf(ctx, programs, request));
    this.pinned = new RequestLoader(
      (ctx, refs) => signatures.getVersions(ctx, refs),
      ({ name, version }) => `${name}/${version}`,
    );
  }

  @Query(() => ProgramConnection)
  async programs(
    @Context('context') ctx: RequestContext,
    @Args() args: ProgramConnectionArgs,
  ): Promise<Connection<ProgramV1>> {
    return toConnection(await this.service.list(ctx, pageRequestFrom(args)));
  }

  @Query(() => ProgramObject, { nullable: true })
  program(
    @Context('context') ctx: RequestContext,
    @Args('id', { type: () => ID, description: 'Its id or its name.' }) id: string,
  ): Promise<ProgramV1> {
    return this.service.getByIdOrName(ctx, id);
  }

  @Mutation(() => ProgramObject)
  createProgram(
    @Context('context') ctx: RequestContext,
    @Args('input', { type: () => CreateProgramInput }, new ContractPipe(ProgramCreateV1)) input: ProgramCreateV1,
  ): Promise<ProgramV1> {
    return this.service.create(ctx, input);
  }

  @Mutation(() => ProgramObject, { description: 'Makes a new version of what is given.' })
  updateProgram(
    @Context('context') ctx: RequestContext,
    @Args('input', { type: () => UpdateProgramInput }, new ContractPipe(ProgramUpdateV1)) input: ProgramUpdateV1,
  ): Promise<ProgramV1> {
    return this.service.update(ctx, input);
  }

  @Mutation(() => ProgramObject, { description: 'Answers what was deleted.' })
  deleteProgram(
    @Context('context') ctx: RequestContext,
    @Args('name', new ContractPipe(ProgramName)) name: string,
  ): Promise<ProgramV1> {
    return this.service.delete(ctx, { name });
  }

  @ResolveField(() => SignatureObject, { nullable: true, description: 'In the version the program was made with.' })
  signature(@Parent() program: ProgramV1, @Context('context') ctx: RequestContext): Promise<SignatureV1 | null> {
    return this.pinned.load(ctx, { name: program.signature, version: program.signatureVersion });
  }

  @ResolveField(() => ProgramConnection, { description: 'All of its versions, the newest first.' })
  async versions(
    @Parent() program: ProgramV1,
    @Context('context') ctx: RequestContext,
    @Args() args: ProgramConnectionArgs,
  ): Promise<Connection<ProgramV1>> {
    return toConnection(await this.versionsOf.load(ctx, program, pageRequestFrom(args)));
  }

  @ResolveReference()
  resolveReference(
    @Parent() { id }: { id: string },
    @Context('context') ctx: RequestContext,
  ): Promise<ProgramV1 | null> {
    return this.byId.load(ctx, { id });
  }
}
