import {
  EvaluationCreateV1,
  EvaluationRefV1,
  PageRequest,
  REQUESTS,
  type EvaluationV1,
  type Page,
} from '@dspy-nest/contracts';
import { ContractPipe, RequestCtx } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { EvaluationsService } from './evaluations.service';

/** Evaluations over NATS. */
@Controller()
export class EvaluationsHandler {
  constructor(private readonly evaluations: EvaluationsService) {}

  @MessagePattern(REQUESTS.evaluationCreate)
  create(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(EvaluationCreateV1)) request: EvaluationCreateV1,
  ): Promise<EvaluationV1> {
    return this.evaluations.create(ctx, request);
  }

  @MessagePattern(REQUESTS.evaluationGet)
  get(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(EvaluationRefV1)) { id }: EvaluationRefV1,
  ): Promise<EvaluationV1> {
    return this.evaluations.get(ctx, id);
  }

  @MessagePattern(REQUESTS.evaluationList)
  async list(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(PageRequest)) request: PageRequest,
  ): Promise<Page<EvaluationV1>> {
    const { items, nextCursor } = await this.evaluations.list(ctx, request);
    return { items, nextCursor };
  }

  @MessagePattern(REQUESTS.evaluationCancel)
  cancel(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(EvaluationRefV1)) { id }: EvaluationRefV1,
  ): Promise<EvaluationV1> {
    return this.evaluations.cancel(ctx, id);
  }
}
