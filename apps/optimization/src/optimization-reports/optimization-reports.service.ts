import {
  PAGE_LIMIT_DEFAULT,
  type OptimizationLogV1,
  type OptimizationPageGetV1,
  type OptimizationTrialsV1,
} from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { OptimizationsService } from '../optimizations/optimizations.service';
import { OptimizationReportsRepository } from './optimization-reports.repository';

/** What runs told, page by page. */
@Injectable()
export class OptimizationReports {
  constructor(
    private readonly optimizations: OptimizationsService,
    private readonly reports: OptimizationReportsRepository,
  ) {}

  /** Trials of the present attempt. Throws OptimizationNotFoundError. */
  async trials(ctx: RequestContext, { id, ...request }: OptimizationPageGetV1): Promise<OptimizationTrialsV1> {
    const row = await this.optimizations.find(ctx, id);
    return pageOf(request, (window) => this.reports.trials(row, window));
  }

  /** What the attempts had to say. Throws OptimizationNotFoundError. */
  async log(ctx: RequestContext, { id, ...request }: OptimizationPageGetV1): Promise<OptimizationLogV1> {
    const row = await this.optimizations.find(ctx, id);
    return pageOf(request, (window) => this.reports.messages(row, window));
  }
}

/** One more than is wanted is read, to know whether there is a next page. */
async function pageOf<T extends { number: number }>(
  { after = 0, limit = PAGE_LIMIT_DEFAULT }: Omit<OptimizationPageGetV1, 'id'>,
  read: (window: { after: number; limit: number }) => Promise<T[]>,
): Promise<{ items: T[]; nextAfter: number | null }> {
  const found = await read({ after, limit: limit + 1 });
  const items = found.slice(0, limit);
  return { items, nextAfter: found.length > limit ? items.at(-1)!.number : null };
}
