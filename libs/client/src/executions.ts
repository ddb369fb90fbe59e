import { failureOf } from './errors';
import {
  isFinished,
  type Execution,
  type ListQuery,
  type Page,
  type SucceededExecution,
  type Values,
} from './execution';
import { isEnd, type ExecutionEvent } from './execution-event';
import { follow, type FollowOptions } from './follow';
import type { Http } from './http';
import { pause } from './pause';
import { queryText } from './query';
import { waitingCall } from './waiting-call';

/** How to wait for an execution. */
export interface WaitOptions {
  /** Gives up waiting; the execution goes on. */
  signal?: AbortSignal;
}

/** How to run an execution again; the platform ends one whose `signal` is aborted, unless it has an `idempotencyKey`. */
export interface RepeatOptions {
  /** Names what is asked for, so that asking again, also from another process, does it once. Made anew when absent. */
  idempotencyKey?: string;
  signal?: AbortSignal;
}

const FIRST_LOOK_MS = 100;
const LAST_LOOK_MS = 2_000;

const pathOf = (id: string): string => `/v1/executions/${encodeURIComponent(id)}`;

/** The executions of all programs. */
export class Executions {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** Reads an execution as it stands. */
  get<In = Values, Out = Values>(id: string, { signal }: WaitOptions = {}): Promise<Execution<In, Out>> {
    return this.#http.send({ method: 'GET', path: pathOf(id), repeatable: true, signal });
  }

  /** Reads a page, newest first unless `sort` says otherwise. */
  list({ filter, ...page }: ListQuery = {}, { signal }: WaitOptions = {}): Promise<Page<Execution>> {
    const path = `/v1/executions${queryText(page, filter)}`;
    return this.#http.send({ method: 'GET', path, repeatable: true, signal });
  }

  /** Goes through a list to its end, page by page. */
  async *all(query: ListQuery = {}, options: WaitOptions = {}): AsyncGenerator<Execution, void> {
    for (let page = await this.list(query, options); ;) {
      yield* page.items;
      if (page.nextCursor === null) return;
      page = await this.list({ ...query, cursor: page.nextCursor }, options);
    }
  }

  /** Ends an execution; rejects with ConflictError `execution_finished` when it has ended already. */
  cancel(id: string, { signal }: WaitOptions = {}): Promise<Execution> {
    return this.#http.send({ method: 'POST', path: `${pathOf(id)}/cancel`, repeatable: false, signal });
  }

  /** Runs an execution again with new model calls, and waits for the new one; rejects with ExecutionFailedError. */
  rerun<In = Values, Out = Values>(id: string, options: RepeatOptions = {}): Promise<SucceededExecution<In, Out>> {
    return this.#http.send(waitingCall(`${pathOf(id)}/rerun`, undefined, options));
  }

  /**
   * Runs an execution again on the model answers that were recorded, to the same outputs; rejects with ConflictError
   * `not_replayable`, and with ExecutionFailedError `replay_diverged` when they would be others.
   */
  replay<In = Values, Out = Values>(id: string, options: RepeatOptions = {}): Promise<SucceededExecution<In, Out>> {
    return this.#http.send(waitingCall(`${pathOf(id)}/replay`, undefined, options));
  }

  /** Gives what happened to an execution and what happens, to its end; goes on when a connection breaks. */
  async *follow<Out = Values>(id: string, options: FollowOptions = {}): AsyncGenerator<ExecutionEvent<Out>, void> {
    for await (const { data } of follow(this.#http, `${pathOf(id)}/events`, options)) {
      const event = data as ExecutionEvent<Out>;
      yield event;
      if (isEnd(event)) return;
    }
  }

  /** Waits until an execution has ended; rejects with ExecutionFailedError when it did not succeed. */
  async wait<In = Values, Out = Values>(id: string, options: WaitOptions = {}): Promise<SucceededExecution<In, Out>> {
    // By short requests: a browser has six connections to a server, and many executions may be waited for.
    for (let lookMs = FIRST_LOOK_MS; ; lookMs = Math.min(LAST_LOOK_MS, lookMs * 1.5)) {
      const execution = await this.get<In, Out>(id, options);
      if (execution.status === 'succeeded') return execution as SucceededExecution<In, Out>;
      if (isFinished(execution)) throw failureOf(execution as Execution);
      await pause(lookMs, options.signal);
    }
  }
}
