import {
  ProgramCandidateAddV1,
  ProgramRefV1,
  ProgramStateImportV1,
  REQUESTS,
  type ProgramStateImportedV1,
  type ProgramStateV1,
  type ProgramV1,
} from '@dspy-nest/contracts';
import { ContractPipe, RequestCtx } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { ProgramStatesService } from './program-states.service';

/** Learned states over NATS. */
@Controller()
export class ProgramStatesHandler {
  constructor(private readonly states: ProgramStatesService) {}

  @MessagePattern(REQUESTS.programStateImport)
  import(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(ProgramStateImportV1)) message: ProgramStateImportV1,
  ): Promise<ProgramStateImportedV1> {
    return this.states.import(ctx, message);
  }

  @MessagePattern(REQUESTS.programCandidateAdd)
  addCandidate(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(ProgramCandidateAddV1)) message: ProgramCandidateAddV1,
  ): Promise<ProgramV1> {
    return this.states.addCandidate(ctx, message);
  }

  @MessagePattern(REQUESTS.programStateGet)
  get(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(ProgramRefV1)) message: ProgramRefV1,
  ): Promise<ProgramStateV1> {
    return this.states.get(ctx, message);
  }
}
