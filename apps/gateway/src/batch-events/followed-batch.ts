import { setTimeout as pause } from 'node:timers/promises';
import { type BatchV1, isBatchOver } from '@dspy-nest/contracts';
import { AppError } from '@dspy-nest/platform';
import { type BatchEvent, toBatchEvent } from './batch-event';

const RETRY_MS = 1_000;

/** How a batch stands, for one reader, from after a number to its end. A slow reader is told the newest when it comes. */
export class FollowedBatch implements AsyncIterableIterator<BatchEvent> {
  private hasMoved = true;
  private isOver = false;
  private wake: (() => void) | undefined;

  constructor(
    private readonly read: () => Promise<BatchV1>,
    private last: number,
    private readonly onEnd: () => void,
  ) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Says that the batch may have moved. */
  moved(): void {
    this.hasMoved = true;
    this.wake?.();
  }

  async next(): Promise<IteratorResult<BatchEvent>> {
    while (!this.isOver) {
      if (!this.hasMoved) await new Promise<void>((resolve) => (this.wake = resolve));
      const event = await this.look();
      if (event !== undefined) return { value: event, done: false };
    }
    return { value: undefined, done: true };
  }

  return(): Promise<IteratorResult<BatchEvent>> {
    this.end();
    this.wake?.();
    return Promise.resolve({ value: undefined, done: true });
  }

  /** The event that is new, if there is one. */
  private async look(): Promise<BatchEvent | undefined> {
    const batch = await this.readOrWait();
    if (batch === undefined || this.isOver) return undefined;
    if (isBatchOver(batch.status)) this.end();
    const event = toBatchEvent(batch);
    if (event.sequence <= this.last) return undefined;
    this.last = event.sequence;
    return event;
  }

  private async readOrWait(): Promise<BatchV1 | undefined> {
    this.hasMoved = false;
    try {
      return await this.read();
    } catch (error) {
      if (!(error instanceof AppError) || !error.retryable) throw error;
      // A move is told once: it must not be missed because a service was away at that moment.
      await pause(RETRY_MS, undefined, { ref: false });
      this.hasMoved = true;
      return undefined;
    }
  }

  private end(): void {
    this.isOver = true;
    this.onEnd();
  }
}
