import { Readable } from 'node:stream';

/** What a client waits before it comes again. */
const RETRY_MS = 2_000;
/** Below what proxies allow a silent connection. */
const HEARTBEAT_MS = 15_000;
/** A client that takes nothing for so long is too slow. */
const STALL_MS = 60_000;
const DISCARD_AFTER_MS = 1_000;
const ALIVE = ': \n\n';
const LINE_BREAKS = /[\r\n]+/g;

/** One event of a stream, or only the number that a client comes again with, or text of a stream that has no numbers. */
export type SseEvent =
  | { readonly id?: never; readonly data: string }
  | { readonly id: number; readonly event?: never }
  | { readonly id: number; readonly event: string; readonly data: unknown };

/** When to say that the stream lives, and after how long without reading a client is too slow. */
export interface SseTimes {
  readonly heartbeatMs: number;
  readonly stallMs: number;
}

/**
 * Events as the body of an answer in `text/event-stream`. It takes an event when the client has room for it, so that a slow one
 * makes its source wait; `onTooSlow` is told when it takes nothing any more.
 */
export class SseBody extends Readable {
  private isPulling = false;
  private isEnded = false;
  private wantedAtMs = performance.now();
  private isWanted = false;
  private readonly pulse: NodeJS.Timeout;

  constructor(
    private readonly events: AsyncIterator<SseEvent>,
    private readonly onTooSlow: () => void,
    private readonly times: SseTimes = { heartbeatMs: HEARTBEAT_MS, stallMs: STALL_MS },
    isNumbered = true,
  ) {
    super();
    // Who cannot come again is told that the stream lives, and no more.
    this.push(isNumbered ? `retry: ${RETRY_MS}\n\n` : ALIVE);
    this.pulse = setInterval(() => this.beat(), times.heartbeatMs);
  }

  override _read(): void {
    this.isWanted = true;
    this.wantedAtMs = performance.now();
    if (!this.isPulling) void this.pull();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    clearInterval(this.pulse);
    void this.events.return?.();
    callback(error);
  }

  /** Ends the stream early, after what was taken; the client comes again with the id of the last event. */
  finish(): void {
    this.end();
    setTimeout(() => this.destroy(), DISCARD_AFTER_MS).unref();
  }

  private async pull(): Promise<void> {
    this.isPulling = true;
    const taken = await this.events.next().catch(() => undefined);
    this.isPulling = false;
    if (this.isEnded || this.destroyed) return;
    // A source that fails ends the stream: coming again tells the client why by a status.
    if (taken === undefined || taken.done === true) {
      this.end();
      return;
    }
    this.isWanted = false;
    this.push(toFrame(taken.value));
  }

  private end(): void {
    if (this.isEnded || this.destroyed) return;
    this.isEnded = true;
    this.push(null);
  }

  private beat(): void {
    if (this.isWanted && !this.isEnded) this.push(ALIVE);
    else if (performance.now() - this.wantedAtMs > this.times.stallMs) {
      this.onTooSlow();
      this.destroy();
    }
  }
}

function toFrame(told: SseEvent): string {
  if (told.id === undefined) return `data: ${told.data}\n\n`;
  if (told.event === undefined) return `id: ${told.id}\n\n`;
  return `id: ${told.id}\nevent: ${told.event.replace(LINE_BREAKS, ' ')}\ndata: ${JSON.stringify(told.data)}\n\n`;
}
