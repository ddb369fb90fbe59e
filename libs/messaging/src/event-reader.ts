import { tenantEvents } from '@dspy-nest/contracts';
import type { EventListener, EventLog } from './event-log';
import type { EventsLost, StoredEvent } from './stored-event';

const WAITING_MAX = 1_000;
const WAITING_MAX_BYTES = 4_194_304;

type Item = StoredEvent | EventsLost;

/** What a reader wants, and who is told when it is too slow. */
export interface ReaderOptions {
  readonly wants: (event: StoredEvent) => boolean;
  /** Called once, when more wait for the reader than may: it has ended by then. */
  readonly onTooSlow: () => void;
}

/**
 * The events of a tenant for one reader: first those that were stored, as fast as they are taken; from where these end, as they
 * come. None is left out and none comes twice. Nobody waits for a slow reader: past a limit it ends, and may begin again
 * after the last number that it saw.
 */
export class EventReader implements AsyncIterableIterator<Item>, EventListener {
  private readonly prefix: string;
  private readonly waiting: Item[] = [];
  private waitingBytes = 0;
  private isLive = false;
  private isEnded = false;
  private wake: (() => void) | undefined;

  private constructor(
    private readonly log: EventLog,
    private readonly tenant: string,
    private cursor: number,
    private readonly options: ReaderOptions,
  ) {
    this.prefix = tenantEvents(tenant).slice(0, -1);
  }

  /** Reads the events of a tenant after a number, or from now on. Throws ServiceUnavailableError. */
  static async open(
    log: EventLog,
    tenant: string,
    after: number | undefined,
    options: ReaderOptions,
  ): Promise<EventReader> {
    const reader = new EventReader(log, tenant, after ?? 0, options);
    await log.listen(reader);
    if (after === undefined) reader.cursor = log.position;
    else if (await log.isBeyond(after)) reader.lose({ sequence: log.position, lost: true });
    return reader;
  }

  /** The number up to which it has read: who begins after it misses nothing that this reader has not given. */
  get position(): number {
    return this.cursor;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Item>> {
    for (;;) {
      const item = this.shift();
      if (item !== undefined) return { value: item, done: false };
      if (this.isEnded) return { value: undefined, done: true };
      if (this.isLive) await new Promise<void>((resolve) => (this.wake = resolve));
      else await this.catchUp();
    }
  }

  return(): Promise<IteratorResult<Item>> {
    this.end();
    return Promise.resolve({ value: undefined, done: true });
  }

  take(event: StoredEvent): void {
    if (!this.isLive) return;
    this.accept(event);
    if (this.waiting.length > WAITING_MAX || this.waitingBytes > WAITING_MAX_BYTES) {
      this.end();
      this.options.onTooSlow();
    }
  }

  lose(lost: EventsLost): void {
    this.cursor = lost.sequence;
    this.put(lost);
  }

  private async catchUp(): Promise<void> {
    const remembered = this.log.remembered(this.cursor);
    if (remembered === undefined) await this.readStored();
    else {
      for (const event of remembered) this.accept(event);
      // In the same turn in which nothing more was there, so that nothing comes in between.
      this.isLive = remembered.length === 0;
    }
  }

  private async readStored(): Promise<void> {
    const { position } = this.log;
    const { events, oldest, isEnd } = await this.log.stored(this.tenant, this.cursor);
    if (oldest > this.cursor + 1) this.lose({ sequence: oldest - 1, lost: true });
    for (const event of events) this.accept(event);
    if (isEnd) this.cursor = Math.max(this.cursor, position);
  }

  private accept(event: StoredEvent): void {
    if (event.sequence <= this.cursor) return;
    this.cursor = event.sequence;
    if (!event.subject.startsWith(this.prefix) || !this.options.wants(event)) return;
    this.waitingBytes += event.bytes;
    this.put(event);
  }

  private put(item: Item): void {
    this.waiting.push(item);
    this.wake?.();
  }

  private shift(): Item | undefined {
    const item = this.waiting.shift();
    if (item !== undefined && 'bytes' in item) this.waitingBytes -= item.bytes;
    return item;
  }

  private end(): void {
    this.log.leave(this);
    this.isEnded = true;
    this.waiting.length = 0;
    this.wake?.();
  }
}
