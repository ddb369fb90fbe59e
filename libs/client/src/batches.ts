import type { Batch, BatchResult } from './batch';
import type { ListQuery, Page, Values } from './execution';
import type { WaitOptions } from './executions';
import type { FollowOptions } from './follow';
import type { Http } from './http';
import { queryText } from './query';
import { resultsOf } from './results';

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
  results<Out = Values>(id: string, options: FollowOptions = {}): AsyncGenerator<BatchResult<Out>, void> {
    return resultsOf(this.#http, { path: `${pathOf(id)}/results`, statusHeader: 'batch-status' }, options);
  }
}
