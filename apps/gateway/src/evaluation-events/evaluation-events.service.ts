import { Injectable } from '@nestjs/common';
import { isEvaluationOver } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { EvaluationsClient } from '../evaluations/evaluations.client';
import type { FollowedResource } from '../events/followed-resource';
import { MoveWatch } from '../events/move-watch';
import { toEvaluationEvent, type EvaluationEvent } from './evaluation-event';

/** What happens to one evaluation, as it happens. */
@Injectable()
export class EvaluationEvents {
  constructor(
    private readonly evaluations: EvaluationsClient,
    private readonly moves: MoveWatch,
  ) {}

  /** Follows an evaluation from after a number on. Throws what reading it throws, and ServiceUnavailableError. */
  follow(ctx: RequestContext, id: string, after: number): Promise<FollowedResource<EvaluationEvent>> {
    const read = async (): Promise<{ event: EvaluationEvent; isOver: boolean }> => {
      const evaluation = await this.evaluations.get(ctx, id);
      return { event: toEvaluationEvent(evaluation), isOver: isEvaluationOver(evaluation.status) };
    };
    return this.moves.follow(ctx, id, after, { read });
  }
}
