import type { Socket } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import {
  NO_WORKER_PATIENCE_MS,
  REQUESTS,
  SIGNALS,
  TIMEOUT_MAX_MS,
  type ExecutionAbandonedV1,
  type ExecutionCreateV1,
  type ExecutionRepeatV1,
  type ExecutionV1,
  type ModelCallsV1,
  type Page,
  type PageRequest,
} from '@dspy-nest/contracts';
import { RequestClient, SignalBus } from '@dspy-nest/messaging';
import { type Logger, type RequestContext, uuidv7 } from '@dspy-nest/platform';
import { HangUps } from '../http/hang-ups';
import { LOGGER } from '../logger.token';

/** The execution service keeps the clock and answers `timed_out` itself; the gateway only gives up when that answer is overdue. */
const ANSWER_SLACK_MS = NO_WORKER_PATIENCE_MS + 5_000;

/** Executions, as the execution service runs and keeps them. */
@Injectable()
export class ExecutionsClient {
  private readonly hangUps = new HangUps();

  constructor(
    private readonly requests: RequestClient,
    private readonly signals: SignalBus,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** With `wait` resolves to the finished execution, however it ended; without, to the accepted one. */
  create(ctx: RequestContext, message: ExecutionCreateV1): Promise<ExecutionV1> {
    // The program may say how long; only the execution service knows.
    const workMs = message.wait ? (message.timeoutMs ?? TIMEOUT_MAX_MS) : 0;
    // The id makes asking twice harmless.
    const options = { timeoutMs: workMs + ANSWER_SLACK_MS, repeatable: true };
    return this.requests.request(ctx, REQUESTS.executionCreate, message, options);
  }

  /**
   * Runs for the client of a connection: when that goes before the outcome is there, the execution service is told, unless what
   * `leaving` is given was called before.
   */
  createAndWait(
    ctx: RequestContext,
    message: ExecutionCreateV1,
    socket: Socket,
    leaving: (stopWatching: () => void) => void = () => undefined,
  ): Promise<ExecutionV1> {
    // Asked for before it can be abandoned, so that the signal never comes first.
    return this.whileConnected(ctx, message.id, this.create(ctx, message), socket, leaving);
  }

  /** The same again with new model calls; resolves to the accepted execution, or for a client that waits to the finished one. */
  rerun(ctx: RequestContext, of: string, waiting: Socket | undefined): Promise<ExecutionV1> {
    return this.repeat(ctx, REQUESTS.executionRerun, of, waiting);
  }

  /** The same on the model answers that were recorded; resolves as `rerun` does. */
  replay(ctx: RequestContext, of: string, waiting: Socket | undefined): Promise<ExecutionV1> {
    return this.repeat(ctx, REQUESTS.executionReplay, of, waiting);
  }

  private repeat(ctx: RequestContext, subject: string, of: string, waiting: Socket | undefined): Promise<ExecutionV1> {
    const message: ExecutionRepeatV1 = { id: uuidv7(), of, wait: waiting !== undefined };
    const options = { timeoutMs: (message.wait ? TIMEOUT_MAX_MS : 0) + ANSWER_SLACK_MS, repeatable: true };
    const outcome = this.requests.request<ExecutionV1>(ctx, subject, message, options);
    return waiting === undefined ? outcome : this.whileConnected(ctx, message.id, outcome, waiting);
  }

  private async whileConnected(
    ctx: RequestContext,
    id: string,
    outcome: Promise<ExecutionV1>,
    socket: Socket,
    leaving: (stopWatching: () => void) => void = () => undefined,
  ): Promise<ExecutionV1> {
    const answered = this.hangUps.watch(socket, () => this.abandon(ctx, id));
    leaving(answered);
    try {
      return await outcome;
    } finally {
      answered();
    }
  }

  /** Tells that nobody waits for an execution any more. */
  private abandon({ tenant, traceId }: RequestContext, executionId: string): void {
    try {
      this.signals.publish(SIGNALS.executionAbandoned, { tenant, executionId } satisfies ExecutionAbandonedV1);
    } catch (err) {
      // Its own clock ends it all the same.
      this.logger.warn({ err, executionId, traceId }, 'Could not tell that the caller of an execution hung up.');
    }
  }

  cancel(ctx: RequestContext, id: string): Promise<ExecutionV1> {
    return this.requests.request(ctx, REQUESTS.executionCancel, { id });
  }

  get(ctx: RequestContext, id: string): Promise<ExecutionV1> {
    return this.requests.request(ctx, REQUESTS.executionGet, { id });
  }

  list(ctx: RequestContext, page: PageRequest): Promise<Page<ExecutionV1>> {
    return this.requests.request(ctx, REQUESTS.executionList, page);
  }

  calls(ctx: RequestContext, id: string): Promise<ModelCallsV1> {
    return this.requests.request(ctx, REQUESTS.executionCalls, { id });
  }
}
