import { isBatchOver, type Batch, type BatchResult } from './batch';
import type { ListQuery, Page, Values } from './execution';
import type { WaitOptions } from './executions';
import { Outage, type FollowOptions } from './follow';
import type { Call, Http } from './http';
import { pause } from './pause';
import { queryText } from './query';

const FIRST_LOOK_MS = 200;
const LAST_LOOK_MS = 5_000;

const pathOf = (id: string): string => `/v1/batches/${encodeURIComponent(id)}`;

/** The batches of all programs; `program.batch(…)` makes one. */
export class Batches {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** Reads a batch as it stands. */
  get(id: string, { signal }: WaitOptions = {}): Promise<Batch> {
    return this.#http.send({ method: 'GET', path: pathOf(id), repeatable: true, signal });
  }

  /** Reads a page, newest first unless `sort` says otherwise. */
  list({ filter, ...page }: ListQuery = {}, { signal }: WaitOptions = {}): Promise<Page<Batch>> {
    return this.#http.send({
      method: 'GET',
      path: `/v1/batches${queryText(page, filter)}`,
      repeatable: true,
      signal,
    });
  }

  /** Runs no more rows and gives up those that run; rejects with ConflictError `batch_finished` when it is over already. */
  cancel(id: string, { signal }: WaitOptions = {}): Promise<Batch> {
    return this.#http.send({ method: 'POST', path: `${pathOf(id)}/cancel`, repeatable: false, signal });
  }

  /**
   * Gives how each row ended, in the order of the rows and at the pace of the reader, and waits for those that have not ended, to
   * the last one. Goes on when a connection breaks; `after` leaves out rows up to that `index`.
   */
  async *results<Out = Values>(
    id: string,
    { after, signal }: FollowOptions = {},
  ): AsyncGenerator<BatchResult<Out>, void> {
    const outage = new Outage(this.#http.retry);
    let last = after;
    for (let lookMs = FIRST_LOOK_MS; ;) {
      const look = new Look<Out>(this.#http, id, last, signal);
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
}

/** One reading of the results of a batch, to the first row that has not ended. */
class Look<Out> {
  /** Whether the batch was over when it was begun. */
  isLast = false;
  isEmpty = true;
  readonly #http: Http;
  readonly #call: Call;

  constructor(http: Http, id: string, after: number | undefined, signal: AbortSignal | undefined) {
    this.#http = http;
    const path = `${pathOf(id)}/results${queryText({ after })}`;
    this.#call = { method: 'GET', path, headers: { accept: 'application/x-ndjson' }, repeatable: true, signal };
  }

  async *results(): AsyncGenerator<BatchResult<Out>, void> {
    const note = ({ headers }: Response): void => void (this.isLast = isBatchOver(headers.get('batch-status')));
    for await (const results of this.#http.rows<BatchResult<Out>>(this.#call, note)) {
      this.isEmpty &&= results.length === 0;
      yield* results;
    }
  }
}
