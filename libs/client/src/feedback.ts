import type { ListQuery, Page, Values } from './execution';
import type { RepeatOptions, WaitOptions } from './executions';
import type { Http } from './http';
import { newIdempotencyKey } from './idempotency-key';
import { queryText } from './query';

/** What somebody said of an execution. */
export interface GivenFeedback {
  id: string;
  executionId: string;
  /** What the score is about; null without a score. */
  name: string | null;
  /** From 0, bad, to 1, good. */
  score: number | null;
  comment: string | null;
  /** Outputs as they should have been. */
  correction: Values | null;
  source: 'human' | 'model' | 'code';
  author: string | null;
  createdAt: string;
}

/** What is to be said of an execution: a score, a comment, a correction, or several of these. */
export interface NewFeedback {
  /** What the score is about; `rating` unless given. */
  name?: string;
  /** From 0, bad, to 1, good; true is 1 and false 0. */
  score?: boolean | number;
  comment?: string;
  /** The outputs that were wrong, as they should have been. */
  correction?: Readonly<Values>;
  /** `human` unless given. */
  source?: GivenFeedback['source'];
  author?: string;
}

const pathOf = (executionId: string): string => `/v1/executions/${encodeURIComponent(executionId)}/feedback`;

/** What is said of executions. */
export class Feedback {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** Says something of an execution; rejects with InvalidRequestError that names each output a correction has wrong. */
  create(
    executionId: string,
    feedback: NewFeedback,
    { idempotencyKey, signal }: RepeatOptions = {},
  ): Promise<GivenFeedback> {
    const headers = { 'idempotency-key': idempotencyKey ?? newIdempotencyKey() };
    const path = pathOf(executionId);
    return this.#http.send({ method: 'POST', path, body: feedback, headers, repeatable: true, signal });
  }

  /** Reads a page of what was said of an execution, newest first unless `sort` says otherwise. */
  list(
    executionId: string,
    { filter, ...page }: ListQuery = {},
    { signal }: WaitOptions = {},
  ): Promise<Page<GivenFeedback>> {
    const path = `${pathOf(executionId)}${queryText(page, filter)}`;
    return this.#http.send({ method: 'GET', path, repeatable: true, signal });
  }
}
