import { Inject, Injectable } from '@nestjs/common';
import { BATCH_CHUNK_MAX_ROWS, type BatchRowV1, type BatchV1 } from '@dspy-nest/contracts';
import { ServiceUnavailableError, toWireError, uuidv7, type Logger, type RequestContext } from '@dspy-nest/platform';
import { BatchesClient } from '../batches/batches.client';
import { withPatience } from '../batches/patience';
import { Drain } from '../http/drain';
import { PayloadTooLargeError } from '../http/http.errors';
import { LOGGER } from '../logger.token';
import type { BatchOptions } from './batch-options';
import { rowChunks } from '../uploads/row-chunks';
import { UPLOAD_LIMITS, type UploadLimits } from './upload-limits';

/** Brings the rows of a request to the execution service, piece by piece: one is on its way while the client sends the next. */
@Injectable()
export class BatchUploads {
  constructor(
    private readonly batches: BatchesClient,
    private readonly drain: Drain,
    @Inject(UPLOAD_LIMITS) private readonly limits: UploadLimits,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Makes a batch of the rows. What goes wrong on the way ends the batch, unless the caller has a key and may send the rows
   * again: then it waits for them.
   */
  async upload(
    ctx: RequestContext,
    request: BatchOptions & { program: string },
    rows: AsyncIterable<BatchRowV1> | Iterable<BatchRowV1>,
  ): Promise<BatchV1> {
    const { id } = await this.batches.create(ctx, { id: uuidv7(), ...request });
    try {
      const count = await this.bring(ctx, id, rows);
      return await withPatience(() => this.batches.close(ctx, { id, rows: count }));
    } catch (error) {
      const isResumable = ctx.idempotencyKey !== undefined && !(error instanceof PayloadTooLargeError);
      if (!isResumable) await this.abort(ctx, id, error);
      throw error;
    }
  }

  /** Resolves to how many rows there were. */
  private async bring(
    ctx: RequestContext,
    id: string,
    rows: AsyncIterable<BatchRowV1> | Iterable<BatchRowV1>,
  ): Promise<number> {
    let count = 0;
    for await (const { first, rows: chunk } of rowChunks(rows, BATCH_CHUNK_MAX_ROWS)) {
      count = first + chunk.length;
      this.refuseTooMany(count);
      await withPatience(() => this.batches.append(ctx, { id, first, rows: chunk }));
    }
    return count;
  }

  private refuseTooMany(count: number): void {
    const { maxRows } = this.limits;
    if (count > maxRows) {
      throw new PayloadTooLargeError(
        `A batch has at most ${maxRows} rows, and more were sent. Send them as several batches.`,
      );
    }
    if (!this.drain.draining) return;
    const message =
      'The gateway is stopping. Send all rows again; with the same Idempotency-Key those that came are not run twice.';
    throw new ServiceUnavailableError(message, { details: { retryAfterS: 1 } });
  }

  private async abort(ctx: RequestContext, id: string, error: unknown): Promise<void> {
    try {
      await this.batches.abort(ctx, { id, error: toWireError(error) });
    } catch (err) {
      // The execution service ends it by itself when no more rows come.
      this.logger.warn(
        { err, batchId: id, traceId: ctx.traceId },
        'Could not end a batch whose rows did not all come.',
      );
    }
  }
}
