import type { OptimizationDiffV1 } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { OptimizationsRepository } from '../optimizations/optimizations.repository';
import { OptimizationsService } from '../optimizations/optimizations.service';
import { stateDiff } from './state-diff';

/** What the best candidate of an optimisation changes. */
@Injectable()
export class OptimizationDiffs {
  constructor(
    private readonly service: OptimizationsService,
    private readonly optimizations: OptimizationsRepository,
  ) {}

  /** The best candidate until now against the program as it was; nothing before there is one. Throws OptimizationNotFoundError. */
  async diff(ctx: RequestContext, id: string): Promise<OptimizationDiffV1> {
    const { parent, best } = await this.optimizations.states(await this.service.find(ctx, id));
    return stateDiff(parent ?? {}, best ?? parent ?? {});
  }
}
