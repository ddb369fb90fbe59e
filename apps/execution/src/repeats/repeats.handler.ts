import { ExecutionRefV1, ExecutionRepeatV1, type ExecutionV1, type RecordingV1, REQUESTS } from '@dspy-nest/contracts';
import { ContractPipe, RequestCtx } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { RepeatsService } from './repeats.service';

/** The requests that do executions again. */
@Controller()
export class RepeatsHandler {
  constructor(private readonly repeats: RepeatsService) {}

  @MessagePattern(REQUESTS.executionRerun)
  rerun(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(ExecutionRepeatV1)) asked: ExecutionRepeatV1,
  ): Promise<ExecutionV1> {
    return this.repeats.rerun(ctx, asked);
  }

  @MessagePattern(REQUESTS.executionReplay)
  replay(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(ExecutionRepeatV1)) asked: ExecutionRepeatV1,
  ): Promise<ExecutionV1> {
    return this.repeats.replay(ctx, asked);
  }

  @MessagePattern(REQUESTS.executionRecording)
  recording(
    @RequestCtx() ctx: RequestContext,
    @Payload(new ContractPipe(ExecutionRefV1)) { id }: ExecutionRefV1,
  ): Promise<RecordingV1> {
    return this.repeats.recording(ctx, id);
  }
}
