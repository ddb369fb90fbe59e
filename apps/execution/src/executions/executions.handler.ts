import {
  type ExecutionCreateV1,
  type ExecutionInputsV1,
  type ExecutionOutcomeV1,
  ExecutionRefV1,
  type ExecutionV1,
  type OutcomeReceiptV1,
  type Page,
  PageRequest,
  REQUESTS,
  completeAtReplica,
} from '@dspy-nest/contracts';
import { ContractPipe, RequestCtx } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { REPLICA_ID } from '../dispatch/replica';
import { OutcomesService } from '../lifecycle/outcomes.service';
import { ExecutionsService } from './executions.service';

/**
 * The requests about executions. `create` and `complete` are the hot path and come from the platform's own processes: their
 * form is not checked again.
 */
@Controller()
export class ExecutionsHandler {
  constructor(
    private readonly executions: ExecutionsService,
    private readonly outcomes: OutcomesService,
  ) {}

  @MessagePattern(REQUESTS.executionCreate)
  create(@RequestCtx() ctx: RequestContext, @Payload() request: ExecutionCreateV1): Promise<ExecutionV1> {
    return this.executions.create(ctx, request);
  }

  @MessagePattern([completeAtReplica(REPLICA_ID), REQUESTS.executionComplete])
  complete(@Payload() outcome: ExecutionOutcomeV1): Promise<OutcomeReceiptV1> {
    return this.outcomes.complete(outcome);
  }

  @MessagePattern(REQUESTS.executionCancel)
  cancel(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(ExecutionRefV1)) { id }: ExecutionRefV1,
  ): Promise<ExecutionV1> {
    return this.executions.cancel(ctx, id);
  }

  @MessagePattern(REQUESTS.executionGet)
  get(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(ExecutionRefV1)) { id }: ExecutionRefV1,
  ): Promise<ExecutionV1> {
    return this.executions.get(ctx, id);
  }

  @MessagePattern(REQUESTS.executionInputs)
  inputs(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(ExecutionRefV1)) { id }: ExecutionRefV1,
  ): Promise<ExecutionInputsV1> {
    return this.executions.inputs(ctx, id);
  }

  @MessagePattern(REQUESTS.executionList)
  async list(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(PageRequest)) request: PageRequest,
  ): Promise<Page<ExecutionV1>> {
    const { items, nextCursor } = await this.executions.list(ctx, request);
    return { items, nextCursor };
  }
}
