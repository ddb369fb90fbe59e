import { isTerminal, type ExecutionEventV1, type ExecutionV1 } from '@dspy-nest/contracts';
import { AppError } from '@dspy-nest/platform';
import { historyOf } from './execution-history';

const RETRY_MS = 1_000;

/**
 * The events of one execution for one reader, from a number to its end. It keeps no events for a slow reader: what has happened
 * meanwhile is read when the reader comes for more.
 */
export class FollowedExecution implements AsyncIterableIterator<ExecutionEventV1> {
  /** Whether no event will come any more beyond those that wait. */
  private hasSeenEnd = false;
  private isClosed = false;
  private hasMoved = false;
  private wake: (() => void) | undefined;
  private readonly waiting: ExecutionEventV1[] = [];

  constructor(
    private readonly read: () => Promise<ExecutionV1>,
    private cursor: number,
    private readonly onEnd: () => void,
  ) {}

  /** Whether the execution has ended and the reader has seen all of it. */
  get isOver(): boolean {
    return this.isClosed || (this.hasSeenEnd && this.waiting.length === 0);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Says that the state of the execution may have moved. */
  moved(): void {
    this.hasMoved = true;
    this.wake?.();
  }

  /** Reads how the execution stands; rejects when that is impossible. */
  async look(): Promise<void> {
    this.hasMoved = false;
    const execution = await this.read();
    const news = historyOf(execution).slice(this.cursor);
    this.cursor += news.length;
    this.waiting.push(...news);
    if (!isTerminal(execution.status)) return;
    this.hasSeenEnd = true;
    this.onEnd();
  }

  async next(): Promise<IteratorResult<ExecutionEventV1>> {
    for (;;) {
      const event = this.waiting.shift();
      if (event !== undefined) return { value: event, done: false };
      if (this.isOver) return { value: undefined, done: true };
      if (!this.hasMoved) await new Promise<void>((resolve) => (this.wake = resolve));
      if (!this.isOver) await this.lookAgain();
    }
  }

  return(): Promise<IteratorResult<ExecutionEventV1>> {
    this.isClosed = true;
    this.waiting.length = 0;
    this.onEnd();
    this.wake?.();
    return Promise.resolve({ value: undefined, done: true });
  }

  private async lookAgain(): Promise<void> {
    try {
      await this.look();
    } catch (error) {
      if (!(error instanceof AppError) || !error.retryable) throw error;
      // The end is told once: it must not be missed because a service was away at that moment.
      setTimeout(() => this.moved(), RETRY_MS).unref();
    }
  }
}
