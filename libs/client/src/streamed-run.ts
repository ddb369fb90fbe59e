import type { Executions } from './executions';
import { eventsCall } from './follow';
import { foreignAnswer, type Call, type Http } from './http';
import type { ServerEvent } from './server-events';

/** One execution that is asked for and followed by one request, and by others when the connection breaks. */
export class StreamedRun {
  readonly #http: Http;
  readonly #call: Call;
  #location: string | undefined;

  constructor(http: Http, call: Call) {
    this.#http = http;
    this.#call = { ...call, headers: { ...call.headers, accept: 'text/event-stream' } };
  }

  /** The events of a connection, of those after one of them. Before there is an execution, asking again does not make another. */
  listen(after: number | undefined): AsyncGenerator<ServerEvent[], void> {
    if (this.#location === undefined) return this.#http.listen(this.#call, (response) => this.#note(response));
    return this.#http.listen(eventsCall(`${this.#location}/events`, after, this.#call.signal));
  }

  /** Ends the execution, if there is one. Nobody waits for this: it may have ended by itself, or the platform may be away. */
  giveUp(executions: Executions): void {
    const id = this.#location?.split('/').pop();
    if (id !== undefined) void executions.cancel(id).catch(() => undefined);
  }

  #note(response: Response): void {
    const location = response.headers.get('location');
    if (location === null) throw foreignAnswer(response, 'a Location');
    this.#location = location;
  }
}
