import type { StreamedEventV1 } from '@dspy-nest/contracts';

/** Of one message. As JSON a character takes six bytes at most, so it stays below what a message of NATS may hold. */
const BATCH_MAX_CHARS = 64_000;
/** Parts of values are not kept beyond it: the outputs bring them. Texts are, as the answer they come from is. */
const BUFFERED_MAX_CHARS = 1_000_000;

type Entry =
  | { readonly field: string; pieces: string[]; chars: number }
  | { readonly event: StreamedEventV1; readonly chars: number };

/** What one execution has told and nobody has stored yet. Text goes on text, so it grows by what an answer brings and no more. */
export class TokenBuffer {
  private entries: Entry[] = [];
  private chars = 0;

  add(event: StreamedEventV1): void {
    if (event.type === 'token') this.addText(event.field ?? '', event.delta ?? '');
    else {
      // What is to be forgotten need not be told.
      if (event.type === 'restarted') this.clear();
      const chars = JSON.stringify(event).length;
      if (this.chars > BUFFERED_MAX_CHARS) return;
      this.entries.push({ event, chars });
      this.chars += chars;
    }
  }

  /** Hands out the next events of one message; none when the buffer is empty. */
  take(): StreamedEventV1[] {
    const taken: StreamedEventV1[] = [];
    let room = BATCH_MAX_CHARS;
    for (let entry = this.entries[0]; entry !== undefined; entry = this.entries[0]) {
      if (taken.length > 0 && entry.chars > room) break;
      this.entries.shift();
      this.chars -= entry.chars;
      taken.push('event' in entry ? entry.event : this.textOf(entry.field, entry.pieces.join(''), room));
      room -= entry.chars;
    }
    return taken;
  }

  /** The event of as much of a text as there is room for; the rest is the next entry. */
  private textOf(field: string, text: string, room: number): StreamedEventV1 {
    // No pair of surrogates is parted.
    const end = isHighSurrogate(text.charCodeAt(room - 1)) ? room - 1 : room;
    const rest = text.slice(end);
    if (rest !== '') {
      this.entries.unshift({ field, pieces: [rest], chars: rest.length });
      this.chars += rest.length;
    }
    return { type: 'token', field, delta: text.slice(0, end) };
  }

  private addText(field: string, delta: string): void {
    const last = this.entries.at(-1);
    this.chars += delta.length;
    if (last === undefined || 'event' in last || last.field !== field) {
      this.entries.push({ field, pieces: [delta], chars: delta.length });
      return;
    }
    last.pieces.push(delta);
    last.chars += delta.length;
  }

  private clear(): void {
    this.entries = [];
    this.chars = 0;
  }
}

const isHighSurrogate = (code: number): boolean => code >= 0xd8_00 && code <= 0xdb_ff;
