import { Injectable } from '@nestjs/common';
import { isBatchOver } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { BatchesClient } from '../batches/batches.client';
import type { FollowedResource } from '../events/followed-resource';
import { MoveWatch } from '../events/move-watch';
import { toBatchEvent, type BatchEvent } from './batch-event';

/** What happens to one batch, as it happens. */
@Injectable()
export class BatchEvents {
  constructor(
    private readonly batches: BatchesClient,
    private readonly moves: MoveWatch,
  ) {}

  /** Follows a batch from after a number on. Throws what reading the batch throws, and ServiceUnavailableError. */
  follow(ctx: RequestContext, id: string, after: number): Promise<FollowedResource<BatchEvent>> {
    const read = async (): Promise<{ event: BatchEvent; isOver: boolean }> => {
      const batch = await this.batches.get(ctx, id);
      return { event: toBatchEvent(batch), isOver: isBatchOver(batch.status) };
    };
    return this.moves.follow(ctx, id, after, { read });
  }
}
