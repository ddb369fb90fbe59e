import { Injectable } from '@nestjs/common';
import type { RequestContext } from '@dspy-nest/platform';
import { BatchesClient } from '../batches/batches.client';
import { BatchWatch } from './batch-watch';
import { FollowedBatch } from './followed-batch';

/** What happens to one batch, as it happens. */
@Injectable()
export class BatchEvents {
  constructor(
    private readonly batches: BatchesClient,
    private readonly watch: BatchWatch,
  ) {}

  /** Follows a batch from after a number on. Throws what reading the batch throws, and ServiceUnavailableError. */
  async follow(ctx: RequestContext, id: string, after: number): Promise<FollowedBatch> {
    await this.batches.get(ctx, id);
    const watched: { end?: () => void } = {};
    const followed = new FollowedBatch(
      () => this.batches.get(ctx, id),
      after,
      () => watched.end?.(),
    );
    watched.end = await this.watch.watch(ctx.tenant, id, () => followed.moved());
    return followed;
  }
}
