import { isBatchOver } from './batch';
import { Outage, type FollowOptions } from './follow';
import type { Call, Http } from './http';
import { pause } from './pause';
import { queryText } from './query';

const FIRST_LOOK_MS = 200;
const LAST_LOOK_MS = 5_000;

/** Where results are, and the header that says how their owner stands. */
export interface ResultsSource {
  readonly path: string;
  readonly statusHeader: string;
}

/**
 * Gives results in their order and at the pace of the reader, and waits for those that are not there yet, to the last one. Goes on
 * when a connection breaks; `after` leaves out results up to that `index`.
 */
export async function* resultsOf<Result extends { index: number }>(
  http: Http,
  source: ResultsSource,
  { after, signal }: FollowOptions = {},
): AsyncGenerator<Result, void> {
  const outage = new Outage(http.retry);
  let last = after;
  for (let lookMs = FIRST_LOOK_MS; ;) {
    const look = new Look<Result>(http, source, last, signal);
    try {
      for await (const result of look.results()) {
        outage.end();
        last = result.index;
        yield result;
      }
      outage.end();
      if (look.isLast) return;
      lookMs = look.isEmpty ? Math.min(LAST_LOOK_MS, lookMs * 1.5) : FIRST_LOOK_MS;
      await pause(lookMs, signal);
    } catch (error) {
      await pause(outage.delayMs(error, performance.now(), Math.random), signal);
    }
  }
}

/** One reading of results, to the first that is not there. */
class Look<Result> {
  /** Whether their owner was over when it was begun. */
  isLast = false;
  isEmpty = true;
  readonly #http: Http;
  readonly #call: Call;
  readonly #statusHeader: string;

  constructor(
    http: Http,
    { path, statusHeader }: ResultsSource,
    after: number | undefined,
    signal: AbortSignal | undefined,
  ) {
    this.#http = http;
    this.#statusHeader = statusHeader;
    const accept = 'application/x-ndjson';
    this.#call = {
      method: 'GET',
      path: `${path}${queryText({ after })}`,
      headers: { accept },
      repeatable: true,
      signal,
    };
  }

  async *results(): AsyncGenerator<Result, void> {
    const note = ({ headers }: Response): void => void (this.isLast = isBatchOver(headers.get(this.#statusHeader)));
    for await (const results of this.#http.rows<Result>(this.#call, note)) {
      this.isEmpty &&= results.length === 0;
      yield* results;
    }
  }
}
