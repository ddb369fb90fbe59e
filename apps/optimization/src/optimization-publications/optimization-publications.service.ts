import {
  REQUESTS,
  type OptimizationPublication,
  type OptimizationPublishV1,
  type OptimizationV1,
  type ProgramPublishV1,
} from '@dspy-nest/contracts';
import { RequestClient } from '@dspy-nest/messaging';
import { checkStorable, type RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { toOptimization, type OptimizationEntity } from '../optimizations/optimization.entity';
import { OptimizationsRepository } from '../optimizations/optimizations.repository';
import { OptimizationsService } from '../optimizations/optimizations.service';
import { OptimizationOutbox } from '../outbox/optimization-outbox';
import { CandidateUnprovenError, NoCandidateError } from './optimization-publications.errors';

/** Publishes what optimisations found. */
@Injectable()
export class OptimizationPublications {
  constructor(
    private readonly service: OptimizationsService,
    private readonly optimizations: OptimizationsRepository,
    private readonly requests: RequestClient,
    private readonly outbox: OptimizationOutbox,
  ) {}

  /**
   * Makes the candidate the published version of its program. What is not shown to be better, or would take the place of a version
   * that is not its parent, needs an override, which is recorded before anything is done. Throws OptimizationNotFoundError,
   * NoCandidateError, CandidateUnprovenError, VersionConflictError of the registry.
   */
  async publish(ctx: RequestContext, { id, override }: OptimizationPublishV1): Promise<OptimizationV1> {
    checkStorable({ override });
    const row = await this.service.find(ctx, id);
    const { candidateVersion } = row;
    if (row.status !== 'completed' || candidateVersion === null) throw new NoCandidateError(id, row.status);
    const verdict = row.guard?.comparison?.verdict ?? null;
    if (verdict !== 'improved' && override === undefined) throw new CandidateUnprovenError(id, row.conclusion);
    const requestedAt = new Date().toISOString();
    const publication = { requestedAt, publishedAt: null, verdict, override: override ?? null };
    await this.record(ctx, row, publication);
    const instead = override === undefined ? { instead: row.version } : {};
    const message: ProgramPublishV1 = { programId: row.programId, version: candidateVersion, ...instead };
    await this.requests.request(ctx, REQUESTS.programPublish, message, { repeatable: true });
    return this.record(ctx, row, { ...publication, publishedAt: new Date().toISOString() });
  }

  private async record(
    ctx: RequestContext,
    { tenant, id }: OptimizationEntity,
    publication: OptimizationPublication,
  ): Promise<OptimizationV1> {
    return this.outbox.transaction(ctx, async (manager) => {
      const held = await this.optimizations.lock(manager, { tenant, id });
      const verb = publication.publishedAt === null ? undefined : 'published';
      return toOptimization(await this.optimizations.change(manager, held!, { publication }, verb));
    });
  }
}
