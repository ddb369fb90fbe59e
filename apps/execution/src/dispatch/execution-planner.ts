import type { ExecutionCreateV1 } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { ModelRouter, type Routed } from '../adapters/model-router';
import { AdmissionService } from '../admission/admission.service';
import { type ExecutionPlan, planExecution } from './execution-plan';
import { mayFallBack } from './fallback';

/** Decides what an execution runs, on which model, and where. */
@Injectable()
export class ExecutionPlanner {
  constructor(
    private readonly router: ModelRouter,
    private readonly admission: AdmissionService,
  ) {}

  /** Rejects as `resolve` of the router does, or with ValidationFailedError for what the adapter cannot run. */
  async plan(ctx: RequestContext, request: ExecutionCreateV1): Promise<Routed & { readonly plan: ExecutionPlan }> {
    const routed = await this.router.resolve(ctx, request);
    const isFleetDead = mayFallBack(request, routed) && (await this.admission.isFallbackDue());
    return { ...routed, plan: planExecution(request, routed, isFleetDead) };
  }
}
