import type { CloudEvent } from '@dspy-nest/contracts';

/** An event and its number in the stream. */
export interface StoredEvent {
  readonly sequence: number;
  readonly subject: string;
  readonly bytes: number;
  readonly event: CloudEvent;
}

/** Events up to this number are gone, or the numbers began anew: what was known by them has to be read again. */
export interface EventsLost {
  readonly sequence: number;
  readonly lost: true;
}

/** Reads a message of the stream; undefined when it is no event. */
export function toStoredEvent(sequence: number, subject: string, data: Uint8Array): StoredEvent | undefined {
  try {
    const event = JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString()) as CloudEvent;
    return typeof event === 'object' && event !== null ? { sequence, subject, bytes: data.length, event } : undefined;
  } catch {
    return undefined;
  }
}
