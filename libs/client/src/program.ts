import type { CallLimits, Execution, SucceededExecution } from './execution';
import { isEnd, type ExecutionEvent } from './execution-event';
import type { Executions, WaitOptions } from './executions';
import type { FollowOptions } from './follow';
import type { Call, Http } from './http';
import { newIdempotencyKey } from './idempotency-key';
import type { ExportStateOptions, ImportedState, ImportStateOptions, ProgramState } from './program-state';
import { queryText } from './query';

/** How to execute, where that differs from what the program says. */
export interface SubmitOptions {
  model?: string;
  adapter?: 'auto' | 'python' | 'native' | 'multi' | 'router';
  format?: 'auto' | 'chat' | 'json' | 'xml' | 'completion';
  /** A version of the program, instead of the published one. */
  version?: number;
  /** The total time of the execution. */
  timeoutMs?: number;
  limits?: CallLimits;
  /** How often the platform may ask the model again. */
  maxRetries?: number;
  lane?: 'interactive' | 'batch';
  /** Whether an answer to equal inputs may be given again; as the program says when absent. */
  cache?: boolean;
  /** Names what is asked for, so that asking again, also from another process, does it once. Made anew when absent. */
  idempotencyKey?: string;
  signal?: AbortSignal;
}

/** How to execute and wait; the platform ends an execution whose `signal` is aborted, unless it has an `idempotencyKey`. */
export type ExecuteOptions = SubmitOptions;

/** How to execute and be told what happens. */
export type StreamOptions = SubmitOptions;

// The platform answers by its own clocks; this only ends what hangs on the way.
const LONGEST_MS = 600_000;
const ANSWER_SLACK_MS = 15_000;

/** A program of the platform, as a typed function. */
export class Program<In, Out> {
  readonly name: string;
  readonly #http: Http;
  readonly #executions: Executions;

  constructor(name: string, http: Http, executions: Executions) {
    this.name = name;
    this.#http = http;
    this.#executions = executions;
  }

  /** Runs the program and waits; rejects with ExecutionFailedError when the execution did not succeed. */
  execute(inputs: In, options: ExecuteOptions = {}): Promise<SucceededExecution<In, Out>> {
    const { signal, timeoutMs = LONGEST_MS } = options;
    // With a key the platform would not end the execution when the caller hangs up.
    const key = options.idempotencyKey ?? (signal === undefined ? newIdempotencyKey() : undefined);
    return this.#http.send({ ...this.#call(inputs, options, key), timeoutMs: timeoutMs + ANSWER_SLACK_MS });
  }

  /** Hands the program to the platform and does not wait: the execution is queued, and survives this process. */
  submit(inputs: In, options: SubmitOptions = {}): Promise<Execution<In, Out>> {
    const call = this.#call(inputs, options, options.idempotencyKey ?? newIdempotencyKey());
    return this.#http.send({ ...call, headers: { ...call.headers, prefer: 'respond-async' } });
  }

  /**
   * Runs the program and gives what happens, to the end; an execution that does not succeed is an event, no error. Whoever leaves
   * early, or aborts the `signal`, ends the execution, unless it has an `idempotencyKey`.
   */
  async *stream(inputs: In, options: StreamOptions = {}): AsyncGenerator<ExecutionEvent<Out>, void> {
    const { id } = await this.submit(inputs, options);
    let hasEnded = false;
    try {
      for await (const event of this.follow(id, options)) {
        hasEnded = isEnd(event);
        yield event;
      }
      hasEnded = true;
    } finally {
      // Nobody waits for this: it may have ended by itself, or the platform may be away.
      if (!hasEnded && options.idempotencyKey === undefined) void this.#executions.cancel(id).catch(() => undefined);
    }
  }

  /** Gives what happened to an execution of this program and what happens, to its end. */
  follow(id: string, options: FollowOptions = {}): AsyncGenerator<ExecutionEvent<Out>, void> {
    return this.#executions.follow<Out>(id, options);
  }

  /** Waits for an execution of this program; rejects with ExecutionFailedError when it did not succeed. */
  wait(id: string, options: WaitOptions = {}): Promise<SucceededExecution<In, Out>> {
    return this.#executions.wait<In, Out>(id, options);
  }

  /** Makes a new version of the program with what DSPy's `program.save` wrote; rejects with InvalidRequestError when it does not fit. */
  importState(state: ProgramState, options: ImportStateOptions = {}): Promise<ImportedState> {
    const { idempotencyKey = newIdempotencyKey(), signal } = options;
    const headers = { 'idempotency-key': idempotencyKey };
    return this.#http.send({
      method: 'POST',
      path: this.#path('state'),
      body: state,
      headers,
      repeatable: true,
      signal,
    });
  }

  /** Gives what DSPy's `program.load` reads; rejects with NotFoundError `program_state_not_found` when it has learned nothing. */
  exportState({ version, signal }: ExportStateOptions = {}): Promise<ProgramState> {
    const path = `${this.#path('state')}${queryText({ version })}`;
    return this.#http.send({ method: 'GET', path, repeatable: true, signal });
  }

  #path(below: string): string {
    return `/v1/programs/${encodeURIComponent(this.name)}/${below}`;
  }

  #call(inputs: In, options: SubmitOptions, key: string | undefined): Call {
    const { idempotencyKey: _, signal, ...settings } = options;
    return {
      method: 'POST',
      path: this.#path('executions'),
      body: { ...settings, inputs },
      headers: { 'idempotency-key': key },
      repeatable: key !== undefined,
      signal,
    };
  }
}
