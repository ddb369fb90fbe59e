import { type ExecutionV1, ProgramExecuteV1, PUBLIC_REQUESTS } from '@dspy-nest/contracts';
import { ContractPipe, PublicRequestCtx } from '@dspy-nest/messaging';
import { type RequestContext, uuidv7 } from '@dspy-nest/platform';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { ExecutionsService } from '../executions/executions.service';
import { withinMessage } from './within-message';

/** Executions that other teams ask for by NATS. No gateway has seen what they send, so it is checked here. */
@Controller()
export class ProgramRequestsHandler {
  constructor(private readonly executions: ExecutionsService) {}

  @MessagePattern(PUBLIC_REQUESTS.programExecute)
  async execute(
    @PublicRequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(ProgramExecuteV1)) request: ProgramExecuteV1,
  ): Promise<ExecutionV1> {
    const { cache: _, wait = true, ...asked } = request;
    return withinMessage(await this.executions.create(ctx, { id: uuidv7(), ...asked, wait }));
  }
}
