import type { Batch, BatchOptions, BatchResult } from './batch';
import type { Batches } from './batches';
import type { CallLimits, Execution, SucceededExecution } from './execution';
import { isEnd, type ExecutionEvent } from './execution-event';
import type { Executions, RepeatOptions, WaitOptions } from './executions';
import { followCalls, type FollowOptions } from './follow';
import type { Call, Http } from './http';
import { newIdempotencyKey } from './idempotency-key';
import type { ExportStateOptions, ImportedState, ImportStateOptions, ProgramState } from './program-state';
import type { ProgramChange, ProgramVersion, UpdateOptions } from './program-version';
import { queryText } from './query';
import { RowSource, toBlob } from './row-lines';
import { StreamedRun } from './streamed-run';
import { waitingCall } from './waiting-call';

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

// The platform ends an upload that is silent for 30 s; this only ends what hangs on the way.
const UPLOAD_MAX_MS = 3_600_000;

/** A program of the platform, as a typed function. */
export class Program<In, Out> {
  readonly name: string;
  readonly #http: Http;
  readonly #executions: Executions;
  readonly #batches: Batches;

  constructor(name: string, http: Http, executions: Executions, batches: Batches) {
    this.name = name;
    this.#http = http;
    this.#executions = executions;
    this.#batches = batches;
  }

  /** Runs the program and waits; rejects with ExecutionFailedError when the execution did not succeed. */
  execute(inputs: In, options: ExecuteOptions = {}): Promise<SucceededExecution<In, Out>> {
    return this.#http.send(waitingCall(this.#path('/executions'), bodyOf(inputs, options), options));
  }

  /** Hands the program to the platform and does not wait: the execution is queued, and survives this process. */
  submit(inputs: In, options: SubmitOptions = {}): Promise<Execution<In, Out>> {
    const call = this.#call(inputs, options);
    return this.#http.send({ ...call, headers: { ...call.headers, prefer: 'respond-async' } });
  }

  /**
   * Runs the program and gives what happens, to the end; an execution that does not succeed is an event, no error. Whoever leaves
   * early, or aborts the `signal`, ends the execution, unless it has an `idempotencyKey`.
   */
  async *stream(inputs: In, options: StreamOptions = {}): AsyncGenerator<ExecutionEvent<Out>, void> {
    const run = new StreamedRun(this.#http, this.#call(inputs, options));
    let hasEnded = false;
    try {
      for await (const { data } of followCalls(this.#http, (last) => run.listen(last), options)) {
        const event = data as ExecutionEvent<Out>;
        hasEnded = isEnd(event);
        yield event;
        if (hasEnded) return;
      }
      hasEnded = true;
    } finally {
      if (!hasEnded && options.idempotencyKey === undefined) run.giveUp(this.#executions);
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

  /** Runs an execution of this program again with new model calls; rejects with ExecutionFailedError when it did not succeed. */
  rerun(id: string, options: RepeatOptions = {}): Promise<SucceededExecution<In, Out>> {
    return this.#executions.rerun<In, Out>(id, options);
  }

  /** Runs an execution of this program again on its recorded model answers; rejects as {@link Executions.replay}. */
  replay(id: string, options: RepeatOptions = {}): Promise<SucceededExecution<In, Out>> {
    return this.#executions.replay<In, Out>(id, options);
  }

  /**
   * Sends many inputs to be run as one batch, and does not wait for their ends. An array is sent again under its key when the
   * connection breaks; anything else is read once, as fast as it is sent, which needs Node or a browser that sends streams.
   */
  async batch(rows: Iterable<In> | AsyncIterable<In>, options: BatchOptions = {}): Promise<Batch> {
    const { idempotencyKey, signal, ...settings } = options;
    const call = {
      method: 'POST',
      path: `${this.#path('/batches')}${queryText(settings)}`,
      timeoutMs: UPLOAD_MAX_MS,
      signal,
    } as const;
    if (Array.isArray(rows)) {
      const headers = { 'idempotency-key': idempotencyKey ?? newIdempotencyKey() };
      return this.#http.send({ ...call, rows: toBlob(rows), headers, repeatable: true });
    }
    const source = new RowSource(rows);
    try {
      const headers = { 'idempotency-key': idempotencyKey };
      return await this.#http.send({ ...call, rows: source.stream, headers, repeatable: false });
    } catch (error) {
      throw source.fault ?? error;
    }
  }

  /** Gives how each row of a batch of this program ended, in their order, to the last one; see {@link Batches.results}. */
  results(batchId: string, options: FollowOptions = {}): AsyncGenerator<BatchResult<Out>, void> {
    return this.#batches.results<Out>(batchId, options);
  }

  /** Reads the program in its published version. */
  get({ signal }: WaitOptions = {}): Promise<ProgramVersion> {
    return this.#http.sendForTag({ method: 'GET', path: this.#path(''), repeatable: true, signal });
  }

  /** Makes a new version; rejects with ConflictError `version_conflict` when the program is not what `ifMatch` names any more. */
  update(change: ProgramChange, { ifMatch, signal }: UpdateOptions = {}): Promise<ProgramVersion> {
    const headers = { 'if-match': ifMatch };
    // What says nothing new makes no version; but once it is done, the tag fits no more.
    const repeatable = ifMatch === undefined;
    return this.#http.sendForTag({ method: 'PATCH', path: this.#path(''), body: change, headers, repeatable, signal });
  }

  /** Makes a new version of the program with what DSPy's `program.save` wrote; rejects with InvalidRequestError when it does not fit. */
  importState(state: ProgramState, options: ImportStateOptions = {}): Promise<ImportedState> {
    const { idempotencyKey = newIdempotencyKey(), ifMatch, signal } = options;
    const headers = { 'idempotency-key': idempotencyKey, 'if-match': ifMatch };
    const path = this.#path('/state');
    return this.#http.send({ method: 'POST', path, body: state, headers, repeatable: true, signal });
  }

  /** Gives what DSPy's `program.load` reads; rejects with NotFoundError `program_state_not_found` when it has learned nothing. */
  exportState({ version, signal }: ExportStateOptions = {}): Promise<ProgramState> {
    const path = `${this.#path('/state')}${queryText({ version })}`;
    return this.#http.send({ method: 'GET', path, repeatable: true, signal });
  }

  #path(below: string): string {
    return `/v1/programs/${encodeURIComponent(this.name)}${below}`;
  }

  #call(inputs: In, options: SubmitOptions): Call {
    const { idempotencyKey = newIdempotencyKey(), signal } = options;
    const headers = { 'idempotency-key': idempotencyKey };
    const path = this.#path('/executions');
    return { method: 'POST', path, body: bodyOf(inputs, options), headers, repeatable: true, signal };
  }
}

function bodyOf<In>(inputs: In, options: SubmitOptions): object {
  const { idempotencyKey: _, signal: __, ...settings } = options;
  return { ...settings, inputs };
}
