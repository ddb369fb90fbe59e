import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@dspy-nest/platform';

const RETRY_MS = 1_000;

/** How a resource is read, and what is told of it: `sequence` goes up with all that happens to it. */
export interface Followable<Event extends { readonly sequence: number }> {
  /** The event that tells how the resource stands now, and whether nothing will happen to it any more. */
  readonly read: () => Promise<{ event: Event; isOver: boolean }>;
}

/** How a resource stands, for one reader, from after a number to its end. A slow reader is told the newest when it comes. */
export class FollowedResource<Event extends { readonly sequence: number }> implements AsyncIterableIterator<Event> {
  private hasMoved = true;
  private hasEnded = false;
  private wake: (() => void) | undefined;

  constructor(
    private readonly resource: Followable<Event>,
    private last: number,
    private readonly onEnd: () => void,
  ) {}

  /** Whether nothing more will be told. */
  get isOver(): boolean {
    return this.hasEnded;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Says that the resource may have moved. */
  moved(): void {
    this.hasMoved = true;
    this.wake?.();
  }

  async next(): Promise<IteratorResult<Event>> {
    while (!this.hasEnded) {
      if (!this.hasMoved) await new Promise<void>((resolve) => (this.wake = resolve));
      const event = await this.look();
      if (event !== undefined) return { value: event, done: false };
    }
    return { value: undefined, done: true };
  }

  return(): Promise<IteratorResult<Event>> {
    this.end();
    this.wake?.();
    return Promise.resolve({ value: undefined, done: true });
  }

  /** The event that is new, if there is one. */
  private async look(): Promise<Event | undefined> {
    const found = await this.readOrWait();
    if (found === undefined || this.hasEnded) return undefined;
    if (found.isOver) this.end();
    if (found.event.sequence <= this.last) return undefined;
    this.last = found.event.sequence;
    return found.event;
  }

  private async readOrWait(): Promise<{ event: Event; isOver: boolean } | undefined> {
    this.hasMoved = false;
    try {
      return await this.resource.read();
    } catch (error) {
      if (!(error instanceof AppError) || !error.retryable) throw error;
      // A move is told once: it must not be missed because a service was away at that moment.
      await pause(RETRY_MS, undefined, { ref: false });
      this.hasMoved = true;
      return undefined;
    }
  }

  private end(): void {
    this.hasEnded = true;
    this.onEnd();
  }
}
