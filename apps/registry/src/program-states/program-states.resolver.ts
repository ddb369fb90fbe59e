import {
  ProgramRefV1,
  ProgramStateImportV1,
  type ProgramState,
  type ProgramStateImportedV1,
} from '@dspy-nest/contracts';
import { JsonScalar } from '@dspy-nest/graphql';
import { ContractPipe } from '@dspy-nest/messaging';
import { type RequestContext } from '@dspy-nest/platform';
import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import {
  ImportedProgramStateObject,
  ImportProgramStateInput,
  ProgramStateArgs,
} from '../subgraph/program-state.object';
import { ProgramStatesService } from './program-states.service';

/** Learned states in the registry's subgraph. */
@Resolver()
export class ProgramStatesResolver {
  constructor(private readonly states: ProgramStatesService) {}

  @Query(() => JsonScalar, {
    nullable: true,
    description: 'What a program has learned, as the JSON that DSPy loads; a field of its own, since it may be large.',
  })
  async programState(
    @Context('context') ctx: RequestContext,
    @Args({ type: () => ProgramStateArgs }, new ContractPipe(ProgramRefV1)) ref: ProgramRefV1,
  ): Promise<ProgramState> {
    return (await this.states.get(ctx, ref)).state;
  }

  @Mutation(() => ImportedProgramStateObject, {
    description: "Makes a new version of a program with what DSPy's `program.save` wrote as JSON.",
  })
  async importProgramState(
    @Context('context') ctx: RequestContext,
    @Args('input', { type: () => ImportProgramStateInput }, new ContractPipe(ProgramStateImportV1))
    input: ProgramStateImportV1,
  ): Promise<{ program: Omit<ProgramStateImportedV1, 'notes'>; notes: ProgramStateImportedV1['notes'] }> {
    const { notes, ...program } = await this.states.import(ctx, input);
    return { program, notes };
  }
}
