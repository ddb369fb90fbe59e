import { setTimeout as pause } from 'node:timers/promises';
import type { CallLimits, JsonObject, ModelCallV1, ModelConnectionV1, WireError } from '@dspy-nest/contracts';
import { CallRecorder } from './call-recorder';
import { chatBody, type PreparedProgram, turnMessages, type UnreadAnswer } from './chat-request';
import { type Completion, readCompletion } from './completion';
import type { ModelHttp } from './http-post';
import { ModelCallError } from './model-call-error';
import { costUsd, type ModelEndpoint } from './model-endpoint';
import { StreamedCompletion } from './streaming/streamed-completion';
import type { Teller } from './streaming/teller';
import { storableText } from './storable-text';
import { type ReadAnswer, readAnswer, UnreadableAnswer } from './read-answer';
import { type RunResult, Stopped, stoppedError, unexpectedError } from '../local-runs/run-result';

const FIRST_BACK_OFF_MS = 250;
const MAX_BACK_OFF_MS = 8_000;
const SHOWN_MAX = 300;

/** One run of a program on a model. `signal` aborts with {@link Stopped}; `deadlineAt` is of `performance.now()`. */
export interface Run {
  readonly program: PreparedProgram;
  readonly model: ModelConnectionV1;
  readonly endpoint: ModelEndpoint;
  readonly inputs: JsonObject;
  readonly limits: CallLimits;
  readonly maxRetries: number;
  readonly attempt: number;
  readonly traceparent: string;
  readonly deadlineAt: number;
  readonly signal: AbortSignal;
  /** Is told of the answer as it comes, where somebody may listen. */
  readonly teller?: Teller;
}

/** Runs a program: asks the model, again after failures that may pass, and once more for an answer that cannot be read. */
export function runProgram(http: ModelHttp, run: Run): Promise<RunResult> {
  return new ProgramRun(http, run).result();
}

class ProgramRun {
  private readonly recorder: CallRecorder;
  private retriesLeft: number;
  private modelRetries = 0;
  private parseRetries = 0;
  private repairs = 0;
  private parseMs = 0;

  constructor(
    private readonly http: ModelHttp,
    private readonly run: Run,
  ) {
    this.recorder = new CallRecorder(run.attempt);
    this.retriesLeft = run.maxRetries;
  }

  async result(): Promise<RunResult> {
    try {
      const { outputs, coercions } = await this.answer();
      this.run.teller?.finish(outputs);
      return { ...this.figures(), status: 'succeeded', outputs, error: null, coercions };
    } catch (error) {
      const status = error instanceof Stopped ? error.reason : 'failed';
      return { ...this.figures(), status, outputs: null, error: toWireError(error), coercions: [] };
    }
  }

  private figures(): Pick<RunResult, 'usage' | 'lmMs' | 'parseMs' | 'recovery' | 'calls'> {
    const { usage, lmMs } = this.recorder;
    const { modelRetries, parseRetries, repairs, parseMs } = this;
    const recovery = { modelRetries, parseRetries, repairs };
    return { usage, lmMs, parseMs, recovery, calls: this.recorder.calls() };
  }

  private async answer(): Promise<ReadAnswer> {
    const first = await this.ask('first');
    try {
      return this.read(first);
    } catch (error) {
      if (!(error instanceof UnreadableAnswer)) throw error;
      if (this.retriesLeft === 0) throw new OutputInvalid(error, first.text);
      this.retriesLeft -= 1;
      this.parseRetries += 1;
      const second = await this.ask('parse_retry', { text: first.text, problem: error.message });
      return this.readLast(second);
    }
  }

  private readLast(completion: Completion): ReadAnswer {
    try {
      return this.read(completion);
    } catch (error) {
      throw error instanceof UnreadableAnswer ? new OutputInvalid(error, completion.text) : error;
    }
  }

  private read({ text }: Completion): ReadAnswer {
    const began = performance.now();
    try {
      const answer = readAnswer(text, this.run.program.outputs, this.run.program.hasStrictOutputs);
      if (answer.isMended) this.repairs += 1;
      return answer;
    } catch (error) {
      this.recorder.failLast('output_invalid');
      throw error;
    } finally {
      this.parseMs += performance.now() - began;
    }
  }

  /** Asks until the model answers, the failure will not pass, or budget or time are used up. */
  private async ask(reason: ModelCallV1['reason'], unread?: UnreadAnswer): Promise<Completion> {
    const { program, model, inputs, deadlineAt, signal, teller } = this.run;
    const body = chatBody(program, model, turnMessages(program, inputs, unread), teller !== undefined);
    for (let failures = 0; ;) {
      try {
        return await this.call(body, failures === 0 ? reason : 'model_retry');
      } catch (error) {
        failures += 1;
        if (!(error instanceof ModelCallError) || !error.isTransient || this.retriesLeft === 0) throw error;
        const delayMs = Math.max(backOffMs(failures), error.retryAfterMs);
        if (delayMs >= deadlineAt - performance.now()) throw error;
        this.retriesLeft -= 1;
        this.modelRetries += 1;
        await pause(delayMs, undefined, { signal }).catch(() => {
          throw signal.reason;
        });
      }
    }
  }

  private async call(body: string, reason: ModelCallV1['reason']): Promise<Completion> {
    const { model } = this.run;
    const beganAt = performance.now();
    try {
      const { completion, firstTokenAt } = await this.complete(body);
      const usage = { ...completion.usage, costUsd: costUsd(model, completion.usage) };
      const { finishReason } = completion;
      this.recorder.add({ reason, beganAt, endedAt: performance.now(), firstTokenAt, finishReason, usage });
      return completion;
    } catch (error) {
      this.recorder.add({ reason, beganAt, endedAt: performance.now(), errorCode: toWireError(error).code });
      throw error;
    }
  }

  private async complete(body: string): Promise<{ completion: Completion; firstTokenAt: number }> {
    const { endpoint, traceparent, limits, signal, teller } = this.run;
    const post = { endpoint, traceparent, body, limits, signal };
    if (teller === undefined) {
      const { text = '', firstByteAt } = await this.http.post(post);
      return { completion: readCompletion(text, endpoint.url.host), firstTokenAt: firstByteAt };
    }
    teller.beginCall();
    const streamed = new StreamedCompletion(endpoint, (text) => teller.hear(text));
    const { text, firstByteAt } = await this.http.post({ ...post, onEvents: (more) => streamed.feed(more) });
    const completion = text === undefined ? streamed.end() : readCompletion(text, endpoint.url.host);
    teller.endCall();
    return { completion, firstTokenAt: streamed.firstTokenAt ?? firstByteAt };
  }
}

class OutputInvalid extends Error {
  constructor(
    readonly unread: UnreadableAnswer,
    answer: string,
  ) {
    const shown = answer.length > SHOWN_MAX ? `${answer.slice(0, SHOWN_MAX)}…` : answer;
    super(
      `The model's answer could not be read. ${unread.message} It answered: ${JSON.stringify(shown)}. Try again, or use a ` +
        'more capable model.',
    );
  }
}

/** Full jitter, so that callers of a model that comes back do not come back together. */
function backOffMs(failures: number): number {
  return Math.random() * Math.min(MAX_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** (failures - 1));
}

/** Any error of a run as a caller is told it. */
function toWireError(error: unknown): WireError {
  if (error instanceof Stopped) return stoppedError(error);
  if (error instanceof ModelCallError) {
    return { code: error.code, message: error.message, retryable: error.isTransient, details: error.details };
  }
  if (error instanceof OutputInvalid) {
    const details = error.unread.faults.length > 0 ? { errors: [...error.unread.faults] } : {};
    return { code: 'output_invalid', message: storableText(error.message), retryable: true, details };
  }
  return unexpectedError();
}
