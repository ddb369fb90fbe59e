import { EvaluationFailedError } from './errors';
import type { Evaluation, EvaluationComparison, EvaluationResult, NewEvaluation } from './evaluation';
import type { ListQuery, Page } from './execution';
import type { RepeatOptions, WaitOptions } from './executions';
import type { FollowOptions } from './follow';
import type { Http } from './http';
import { newIdempotencyKey } from './idempotency-key';
import { queryText } from './query';
import { resultsOf } from './results';
import { untilOver, type ProgressOptions } from './until-over';

/** How to wait for an evaluation. */
export type EvaluationWaitOptions = ProgressOptions<Evaluation>;

const pathOf = (id: string, rest = ''): string => `/v1/evaluations/${encodeURIComponent(id)}${rest}`;

/** Evaluations: how good programs are, and whether one is better. */
export class Evaluations {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** Has a program evaluated, and does not wait; rejects with InvalidRequestError `not_evaluable`. */
  create(evaluation: NewEvaluation, { idempotencyKey, signal }: RepeatOptions = {}): Promise<Evaluation> {
    const headers = { 'idempotency-key': idempotencyKey ?? newIdempotencyKey() };
    const path = '/v1/evaluations';
    return this.#http.send({ method: 'POST', path, body: evaluation, headers, repeatable: true, signal });
  }

  /** Reads an evaluation as it stands. */
  get(id: string, { signal }: WaitOptions = {}): Promise<Evaluation> {
    return this.#http.send({ method: 'GET', path: pathOf(id), repeatable: true, signal });
  }

  /** Reads a page, newest first unless `sort` says otherwise. */
  list({ filter, ...page }: ListQuery = {}, { signal }: WaitOptions = {}): Promise<Page<Evaluation>> {
    const path = `/v1/evaluations${queryText(page, filter)}`;
    return this.#http.send({ method: 'GET', path, repeatable: true, signal });
  }

  /** Runs no more examples; rejects with ConflictError `evaluation_finished` when it is over already. */
  cancel(id: string, { signal }: WaitOptions = {}): Promise<Evaluation> {
    return this.#http.send({ method: 'POST', path: pathOf(id, '/cancel'), repeatable: false, signal });
  }

  /** Waits until an evaluation has ended; rejects with EvaluationFailedError when it was not completed. */
  async wait(id: string, options: EvaluationWaitOptions = {}): Promise<Evaluation> {
    const evaluation = await untilOver(() => this.get(id, options), options);
    if (evaluation.status === 'completed') return evaluation;
    throw new EvaluationFailedError(evaluation);
  }

  /** Gives what became of each example, in their order, and waits for those that have not ended; see `batches.results`. */
  results(id: string, options: FollowOptions = {}): AsyncGenerator<EvaluationResult, void> {
    return resultsOf(this.#http, { path: pathOf(id, '/results'), statusHeader: 'evaluation-status' }, options);
  }

  /** Whether an evaluation shows its program to be better than that of another, on the examples of both. */
  compare(id: string, baseline: string, { signal }: WaitOptions = {}): Promise<EvaluationComparison> {
    const path = pathOf(id, `/comparison${queryText({ baseline })}`);
    return this.#http.send({ method: 'GET', path, repeatable: true, signal });
  }
}
