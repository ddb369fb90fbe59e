import type { StoredEvent } from './stored-event';

const RECENT_MAX = 2_048;
const RECENT_MAX_BYTES = 8_388_608;
const PAGE_EVENTS = 256;

/** The last events of the stream in memory, without a gap: who was away for a moment finds here what it missed. */
export class RecentEvents {
  /** The number of the newest event, or where it began. */
  position = 0;
  private events: StoredEvent[] = [];
  private bytes = 0;
  /** All events after this number are here. */
  private since = 0;

  /** The newest event. */
  get newest(): StoredEvent | undefined {
    return this.events.at(-1);
  }

  /** Forgets all, and goes on after a number. */
  startAfter(position: number): void {
    this.events = [];
    this.bytes = 0;
    this.since = position;
    this.position = position;
  }

  /** Adds the next event; the oldest make room. */
  add(event: StoredEvent): void {
    this.position = event.sequence;
    this.events.push(event);
    this.bytes += event.bytes;
    while (this.events.length > RECENT_MAX || this.bytes > RECENT_MAX_BYTES) this.forgetOldest();
  }

  /** Whether all events after a number are here. */
  covers(sequence: number): boolean {
    return sequence >= this.since;
  }

  /** The first events after a number. */
  after(sequence: number): readonly StoredEvent[] {
    const first = this.events.findLastIndex((event) => event.sequence <= sequence) + 1;
    return this.events.slice(first, first + PAGE_EVENTS);
  }

  private forgetOldest(): void {
    const oldest = this.events.shift()!;
    this.bytes -= oldest.bytes;
    this.since = oldest.sequence;
  }
}
