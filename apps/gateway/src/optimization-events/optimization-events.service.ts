import { Injectable } from '@nestjs/common';
import { isOptimizationOver } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { OptimizationsClient } from '../optimizations/optimizations.client';
import type { FollowedResource } from '../events/followed-resource';
import { MoveWatch } from '../events/move-watch';
import { toOptimizationEvent, type OptimizationEvent } from './optimization-event';

/** What happens to one optimisation, as it happens. */
@Injectable()
export class OptimizationEvents {
  constructor(
    private readonly optimizations: OptimizationsClient,
    private readonly moves: MoveWatch,
  ) {}

  /** Follows an optimisation from after a number on. Throws what reading it throws, and ServiceUnavailableError. */
  follow(ctx: RequestContext, id: string, after: number): Promise<FollowedResource<OptimizationEvent>> {
    const read = async (): Promise<{ event: OptimizationEvent; isOver: boolean }> => {
      const optimization = await this.optimizations.get(ctx, id);
      return { event: toOptimizationEvent(optimization), isOver: isOptimizationOver(optimization.status) };
    };
    return this.moves.follow(ctx, id, after, { read });
  }
}
