import type {
  ProgramCandidateAddV1,
  ProgramRefV1,
  ProgramStateImportedV1,
  ProgramStateImportV1,
  ProgramStateV1,
  ProgramV1,
} from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { readLearnedState } from '../learned-states/learned-state';
import { ProgramsService } from '../programs/programs.service';
import { ProgramStateNotFoundError } from './program-states.errors';

/** What programs have learned, as DSPy saves and loads it. */
@Injectable()
export class ProgramStatesService {
  constructor(private readonly programs: ProgramsService) {}

  /**
   * Makes a new version of a program with a state that DSPy saved, once for a key. Throws ProgramNotFoundError,
   * VersionConflictError, ValidationFailedError, StateTooLargeError, IdempotencyKeyReusedError.
   */
  async import(ctx: RequestContext, request: ProgramStateImportV1): Promise<ProgramStateImportedV1> {
    return this.programs.learn(ctx, request, (newest) => readLearnedState(request.state, newest));
  }

  /**
   * Adds a version that is not published, with a state that an optimiser found. Throws as ProgramsService.addCandidate,
   * ValidationFailedError, StateTooLargeError.
   */
  async addCandidate(ctx: RequestContext, request: ProgramCandidateAddV1): Promise<ProgramV1> {
    return this.programs.addCandidate(ctx, request, (parent) => readLearnedState(request.state, parent));
  }

  /** The state of a version, or of the newest. Throws ProgramStateNotFoundError, and as ProgramsService.resolve. */
  async get(ctx: RequestContext, ref: ProgramRefV1): Promise<ProgramStateV1> {
    const { programId, version, state } = await this.programs.resolve(ctx, ref);
    if (state === null) throw new ProgramStateNotFoundError(ref.name, version);
    return { id: programId, version, state };
  }
}
