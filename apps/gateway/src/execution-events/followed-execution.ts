import { isTerminal, type ExecutionEventV1, type ExecutionV1 } from '@dspy-nest/contracts';
import type { StoredTokens, TokenListener, TokenPage } from '@dspy-nest/messaging';
import { AppError } from '@dspy-nest/platform';
import { ExecutionTimeline } from './execution-timeline';

const RETRY_MS = 1_000;
/** Of what is told just now so much waits for a reader; what comes then is read from the stream when the reader has room. */
const WAITING_MAX_BYTES = 262_144;

/** Where what is to be known of one execution comes from. */
export interface ExecutionSource {
  /** How it stands. */
  read(): Promise<ExecutionV1>;
  /** The first messages of its worker after a position in their stream. */
  tokens(after: number): Promise<TokenPage>;
  /** The number of the last event that its worker told; undefined when nothing of that is stored. */
  lastToken(): Promise<number | undefined>;
  /** Tells what its worker tells from now on; gives what ends that. */
  listen(listener: TokenListener): () => void;
}

/**
 * The events of one execution for one reader, from after a number to its end. It keeps next to nothing for a slow reader: what
 * has happened meanwhile is read when the reader comes for more.
 */
export class FollowedExecution implements AsyncIterableIterator<ExecutionEventV1>, TokenListener {
  private readonly timeline: ExecutionTimeline;
  private readonly waiting: ExecutionEventV1[] = [];
  private waitingBytes = 0;
  /** Whether its state may have moved. */
  private hasMoved = false;
  /** Whether more was told than was taken. */
  private isBehind = false;
  /** The last message of its worker that was taken. */
  private position = 0;
  /** How it ended, once that is known. */
  private ended: ExecutionV1 | undefined;
  /** Whether no event will come any more beyond those that wait. */
  private hasSeenEnd = false;
  private isClosed = false;
  private unlisten: (() => void) | undefined;
  private wake: (() => void) | undefined;

  constructor(
    private readonly source: ExecutionSource,
    after: number,
    private readonly onEnd: () => void,
  ) {
    this.timeline = new ExecutionTimeline(after);
  }

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

  /** Says how the execution ended. */
  end(execution: ExecutionV1): void {
    this.note(execution);
    this.wake?.();
  }

  /** Hears its worker from now on; of what was told before nothing is known. */
  listen(): void {
    this.unlisten ??= this.source.listen(this);
  }

  take(tokens: StoredTokens): void {
    if (this.isClosed || tokens.position <= this.position) return;
    const isNext = !this.isBehind && tokens.previous === this.position && this.waitingBytes < WAITING_MAX_BYTES;
    if (isNext) this.hear(tokens);
    else this.isBehind = true;
    this.wake?.();
  }

  lose(): void {
    this.position = 0;
    this.isBehind = true;
    this.moved();
  }

  /** Reads how the execution stands; rejects when that is impossible. */
  async look(): Promise<void> {
    this.note(await this.readState());
    do await this.advance();
    while (this.ended !== undefined && !this.hasSeenEnd && this.waiting.length === 0);
  }

  /** Waits until there is an event to take. */
  async begun(): Promise<void> {
    while (this.waiting.length === 0 && !this.isOver) await this.goOn();
  }

  async next(): Promise<IteratorResult<ExecutionEventV1>> {
    await this.begun();
    const event = this.waiting.shift();
    if (this.waiting.length === 0) this.waitingBytes = 0;
    return event === undefined ? { value: undefined, done: true } : { value: event, done: false };
  }

  return(): Promise<IteratorResult<ExecutionEventV1>> {
    this.isClosed = true;
    this.waiting.length = 0;
    this.stop();
    this.wake?.();
    return Promise.resolve({ value: undefined, done: true });
  }

  private get hasNews(): boolean {
    return this.hasMoved || this.isBehind || (this.ended !== undefined && !this.hasSeenEnd);
  }

  private async goOn(): Promise<void> {
    if (!this.hasNews) await new Promise<void>((resolve) => (this.wake = resolve));
    if (this.isOver) return;
    try {
      await this.advance();
    } catch (error) {
      if (!(error instanceof AppError) || !error.retryable) throw error;
      // The end is told once: it must not be missed because a service was away at that moment.
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
      this.hasMoved = true;
    }
  }

  private async advance(): Promise<void> {
    if (this.hasMoved && this.ended === undefined) this.note(await this.readState());
    if (this.isBehind) await this.readTokens();
    if (this.ended === undefined || this.isBehind) return;
    this.waiting.push(...this.timeline.see(this.ended));
    this.hasSeenEnd = true;
    this.stop();
  }

  private readState(): Promise<ExecutionV1> {
    this.hasMoved = false;
    return this.source.read();
  }

  private note(execution: ExecutionV1): void {
    if (isTerminal(execution.status)) {
      this.ended = execution;
      this.hasMoved = false;
      // What was told last may be on its way still.
      if (execution.stream && !this.timeline.isCompleteFor(execution)) this.isBehind = true;
      return;
    }
    this.waiting.push(...this.timeline.see(execution));
    if (!execution.stream || this.unlisten !== undefined) return;
    this.listen();
    this.isBehind = true;
  }

  private async readTokens(): Promise<void> {
    if (this.position === 0) {
      const mayBeAnew = this.ended === undefined && this.timeline.isUnderWay;
      this.timeline.rewind(mayBeAnew ? await this.source.lastToken() : undefined);
    }
    // What comes while the page is read says itself that it was missed.
    this.isBehind = false;
    const { messages, isEnd } = await this.source.tokens(this.position).catch((error: unknown) => {
      this.isBehind = true;
      throw error;
    });
    for (const tokens of messages) if (tokens.position > this.position) this.hear(tokens);
    if (!isEnd) this.isBehind = true;
  }

  private hear(tokens: StoredTokens): void {
    this.position = tokens.position;
    this.waitingBytes += tokens.bytes;
    this.waiting.push(...this.timeline.hear(tokens));
  }

  private stop(): void {
    this.unlisten?.();
    this.onEnd();
  }
}
