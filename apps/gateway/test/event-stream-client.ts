import { once } from 'node:events';
import { request, type IncomingMessage, type RequestOptions } from 'node:http';
import { eventually } from '@dspy-nest/testing';

/** One event as a client of Server-Sent Events reads it. */
export interface ReadEvent {
  readonly id: number;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** The text of a token. */
export const textOf = (data: ReadEvent['data']): string | undefined => data['delta'] as string | undefined;

/** A client of Server-Sent Events, which reads as it is told to. */
export class EventStreamClient {
  readonly events: ReadEvent[] = [];
  readonly comments: string[] = [];
  /** Whether the server has ended the stream. */
  isEnded = false;
  private rest = '';

  private constructor(private readonly response: IncomingMessage) {
    response.setEncoding('utf8').on('data', (text: string) => this.read(text));
    response.once('end', () => (this.isEnded = true)).on('error', () => undefined);
  }

  static open(url: string, headers: Record<string, string> = {}): Promise<EventStreamClient> {
    return EventStreamClient.ask(url, { headers });
  }

  /** Sends JSON and accepts events for an answer. */
  static post(url: string, body: object, headers: Record<string, string> = {}): Promise<EventStreamClient> {
    const all = { accept: 'text/event-stream', 'content-type': 'application/json', ...headers };
    return EventStreamClient.ask(url, { method: 'POST', headers: all }, JSON.stringify(body));
  }

  private static async ask(url: string, options: RequestOptions, body?: string): Promise<EventStreamClient> {
    const asked = request(url, { ...options, agent: false }).end(body);
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    return new EventStreamClient(response);
  }

  get status(): number {
    return this.response.statusCode ?? 0;
  }

  header(name: string): unknown {
    return this.response.headers[name];
  }

  /** Waits until so many events were read. */
  untilRead(count: number): Promise<ReadEvent[]> {
    return eventually(() => {
      expect(this.events.length).toBeGreaterThanOrEqual(count);
      return this.events;
    });
  }

  untilEnded(): Promise<void> {
    return eventually(() => expect(this.isEnded).toBe(true));
  }

  /** Reads nothing any more. */
  stall(): void {
    this.response.pause();
  }

  /** Reads on. */
  resume(): void {
    this.response.resume();
  }

  close(): void {
    this.response.destroy();
  }

  private read(text: string): void {
    const frames = (this.rest + text).split('\n\n');
    this.rest = frames.pop()!;
    for (const frame of frames) this.take(frame);
  }

  private take(frame: string): void {
    const fields = new Map(
      frame.split('\n').map((line): [string, string] => {
        const at = line.indexOf(': ');
        return [line.slice(0, at), line.slice(at + 2)];
      }),
    );
    const [id, event, data] = [fields.get('id'), fields.get('event'), fields.get('data')];
    if (id === undefined || event === undefined || data === undefined) this.comments.push(frame);
    else this.events.push({ id: Number(id), event, data: JSON.parse(data) as ReadEvent['data'] });
  }
}
