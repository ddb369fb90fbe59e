import { OptimizationFailedError } from './errors';
import type { ListQuery, Page } from './execution';
import type { RepeatOptions, WaitOptions } from './executions';
import { follow, type FollowOptions } from './follow';
import type { Http } from './http';
import { newIdempotencyKey } from './idempotency-key';
import type {
  NewOptimization,
  Optimization,
  OptimizationDiff,
  OptimizationMessage,
  OptimizationReport,
  OptimizationTrial,
} from './optimization';
import { queryText } from './query';
import { untilOver, type ProgressOptions } from './until-over';

/** How to wait for an optimisation. */
export type OptimizationWaitOptions = ProgressOptions<Optimization>;

/** Where to read on in what an optimisation told, and how much; 50 unless said otherwise, at most 200. */
export interface ReportOptions extends WaitOptions {
  after?: number;
  limit?: number;
}

/** How to publish a candidate. */
export interface PublishOptions extends WaitOptions {
  /** Publishes what is not shown to be better; the reason is recorded. */
  overrideReason?: string;
}

const pathOf = (id: string, rest = ''): string => `/v1/optimizations/${encodeURIComponent(id)}${rest}`;

/** Optimisations: what makes programs better, and whether it is shown to. */
export class Optimizations {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** Has a program optimised, and does not wait; rejects with InvalidRequestError `not_optimizable`. */
  create(optimization: NewOptimization, { idempotencyKey, signal }: RepeatOptions = {}): Promise<Optimization> {
    const headers = { 'idempotency-key': idempotencyKey ?? newIdempotencyKey() };
    const path = '/v1/optimizations';
    return this.#http.send({ method: 'POST', path, body: optimization, headers, repeatable: true, signal });
  }

  /** Reads an optimisation as it stands. */
  get(id: string, { signal }: WaitOptions = {}): Promise<Optimization> {
    return this.#http.send({ method: 'GET', path: pathOf(id), repeatable: true, signal });
  }

  /** Reads a page, newest first unless `sort` says otherwise. */
  list({ filter, ...page }: ListQuery = {}, { signal }: WaitOptions = {}): Promise<Page<Optimization>> {
    const path = `/v1/optimizations${queryText(page, filter)}`;
    return this.#http.send({ method: 'GET', path, repeatable: true, signal });
  }

  /** Ends the search with the best until then, which is judged; rejects with ConflictError `optimization_finished`. */
  stop(id: string, { signal }: WaitOptions = {}): Promise<Optimization> {
    return this.#http.send({ method: 'POST', path: pathOf(id, '/stop'), repeatable: false, signal });
  }

  /** Ends it at once and uses nothing of it; rejects with ConflictError `optimization_finished` when it is over already. */
  cancel(id: string, { signal }: WaitOptions = {}): Promise<Optimization> {
    return this.#http.send({ method: 'POST', path: pathOf(id, '/cancel'), repeatable: false, signal });
  }

  /** Waits until an optimisation has ended; rejects with OptimizationFailedError when it was not completed. */
  async wait(id: string, options: OptimizationWaitOptions = {}): Promise<Optimization> {
    const optimization = await untilOver(() => this.get(id, options), options);
    if (optimization.status === 'completed') return optimization;
    throw new OptimizationFailedError(optimization);
  }

  /** Follows an optimisation to its end: gives how it stands now, and after each trial and step of it. */
  async *follow(id: string, options: FollowOptions = {}): AsyncGenerator<Optimization, void> {
    for await (const { data } of follow(this.#http, pathOf(id, '/events'), options)) yield data as Optimization;
  }

  /** Reads what the present attempt has tried, in the order of trials. */
  trials(id: string, { after, limit, signal }: ReportOptions = {}): Promise<OptimizationReport<OptimizationTrial>> {
    const path = pathOf(id, `/trials${queryText({ after, limit })}`);
    return this.#http.send({ method: 'GET', path, repeatable: true, signal });
  }

  /** Reads what DSPy warned of, in all attempts. */
  log(id: string, { after, limit, signal }: ReportOptions = {}): Promise<OptimizationReport<OptimizationMessage>> {
    const path = pathOf(id, `/log${queryText({ after, limit })}`);
    return this.#http.send({ method: 'GET', path, repeatable: true, signal });
  }

  /** Reads what the best candidate until now changes in the program as it was. */
  diff(id: string, { signal }: WaitOptions = {}): Promise<OptimizationDiff> {
    return this.#http.send({ method: 'GET', path: pathOf(id, '/diff'), repeatable: true, signal });
  }

  /**
   * Makes the candidate the published version of its program. Rejects with ConflictError: `no_candidate`, `candidate_unproven`
   * when it is not shown to be better, and `version_conflict` when its parent is not the published version any more; an
   * `overrideReason` publishes it in spite of the last two.
   */
  publish(id: string, { overrideReason, signal }: PublishOptions = {}): Promise<Optimization> {
    const body = overrideReason === undefined ? {} : { override: { reason: overrideReason } };
    return this.#http.send({ method: 'POST', path: pathOf(id, '/publish'), body, repeatable: false, signal });
  }
}
