import type { ListQuery, Page, Values } from './execution';
import type { RepeatOptions, WaitOptions } from './executions';
import type { Http } from './http';
import { newIdempotencyKey } from './idempotency-key';
import { queryText } from './query';

/** A metric in one version: a kind with its settings, such as `{ kind: 'exact', field: 'answer' }`. */
export interface Metric {
  id: string;
  name: string;
  version: number;
  kind: string;
  definition: Values;
  description: string | null;
  createdAt: string;
}

/** A metric that is made. */
export interface NewMetric {
  name: string;
  definition: Readonly<Values> & { readonly kind: string };
  description?: string;
}

const pathOf = (name: string): string => `/v1/metrics/${encodeURIComponent(name)}`;

/** Metrics, by which evaluations score. */
export class Metrics {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** Makes a metric; rejects with InvalidRequestError `invalid_metric`, or ConflictError `name_conflict`. */
  create(metric: NewMetric, { idempotencyKey, signal }: RepeatOptions = {}): Promise<Metric> {
    const headers = { 'idempotency-key': idempotencyKey ?? newIdempotencyKey() };
    return this.#http.send({ method: 'POST', path: '/v1/metrics', body: metric, headers, repeatable: true, signal });
  }

  /** Makes a new version of what is given; what says nothing new makes none. */
  update(name: string, change: Partial<Omit<NewMetric, 'name'>>, { signal }: WaitOptions = {}): Promise<Metric> {
    return this.#http.send({ method: 'PATCH', path: pathOf(name), body: change, repeatable: true, signal });
  }

  /** Reads a metric in one version, or the newest. */
  get(name: string, { version, signal }: WaitOptions & { version?: number } = {}): Promise<Metric> {
    return this.#http.send({
      method: 'GET',
      path: `${pathOf(name)}${queryText({ version })}`,
      repeatable: true,
      signal,
    });
  }

  /** Reads a page, newest first unless `sort` says otherwise. */
  list({ filter, ...page }: ListQuery = {}, { signal }: WaitOptions = {}): Promise<Page<Metric>> {
    return this.#http.send({ method: 'GET', path: `/v1/metrics${queryText(page, filter)}`, repeatable: true, signal });
  }
}
