import { UnexpectedAnswerError } from './errors';
import { LineBuffer } from './lines';

/** One event of a `text/event-stream`. */
export interface ServerEvent {
  /** The number to come again with. */
  readonly id: number;
  readonly type: string;
  /** undefined when only the number is told. */
  readonly data: unknown;
}

/** Takes a `text/event-stream` apart as it comes, in pieces of any length. */
export class ServerEventParser {
  readonly #lines = new LineBuffer();
  #fields: Partial<Record<string, string>> = {};

  /** The events that a piece completes; throws UnexpectedAnswerError. */
  push(text: string): ServerEvent[] {
    return this.#lines.push(text).flatMap((line) => this.#take(line));
  }

  #take(line: string): ServerEvent[] {
    if (line === '') return this.#complete();
    const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    const { data } = this.#fields;
    this.#fields[name] = name === 'data' && data !== undefined ? `${data}\n${value}` : value;
    return [];
  }

  #complete(): ServerEvent[] {
    const { id, event = 'message', data } = this.#fields;
    this.#fields = {};
    // Signs of life have neither.
    if (id === undefined && data === undefined) return [];
    if (id === undefined || !/^\d+$/.test(id)) throw unexpected('has no number');
    return [{ id: Number(id), type: event, data: data === undefined ? undefined : parseData(data) }];
  }
}

function parseData(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    throw unexpected('has data that is no JSON');
  }
}

function unexpected(fault: string): UnexpectedAnswerError {
  const message = `An event of the stream ${fault}: another program answers there. Check the url of the client, and proxies on the way.`;
  return new UnexpectedAnswerError(message, { code: 'unexpected_answer', retryable: false });
}
