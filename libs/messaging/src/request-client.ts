import { Injectable } from '@nestjs/common';
import {
  AppError,
  fromWireError,
  InternalError,
  ServiceUnavailableError,
  TimedOutError,
  type RequestContext,
} from '@dspy-nest/platform';
import { errors, type Msg } from '@nats-io/transport-node';
import type { Question } from './inbox';
import { MessageTooLargeError } from './messaging.errors';
import { ConnectionLostError, Nats } from './nats';
import { outlast } from './outlast';
import { isTooLargeForMessage } from './payload-store';
import { requestSpan } from './request-span';
import { contextHeaders, PAYLOAD, payloadOf, type Reply } from './wire-form';

const TIMEOUT_MS_DEFAULT = 10_000;
/** Replicas answer within a few milliseconds of each other. */
const STALL_MS = 150;
const KIND_TOKEN = 1;
const SERVICE_TOKEN = 2;

/** How long to wait for an answer, and whether being asked twice does no harm; a query does none anyway. */
export interface RequestOptions {
  readonly timeoutMs?: number;
  readonly repeatable?: boolean;
}

/** Asks other services over NATS. */
@Injectable()
export class RequestClient {
  constructor(private readonly nats: Nats) {}

  /**
   * Sends a message and returns the data of the answer, at the latest at the context's deadline. When the connection is lost
   * before the answer, what is repeatable is asked again. Rejects with the error the service answered, ServiceUnavailableError
   * when nobody listens or the connection was lost, TimedOutError, or MessageTooLargeError.
   */
  request<T>(ctx: RequestContext, subject: string, message: unknown, options: RequestOptions = {}): Promise<T> {
    return requestSpan(ctx, subject, (own) => this.ask<T>(own, subject, message, options));
  }

  /**
   * Asks every replica of a service and returns the data of the good answers that came within `timeoutMs`; it is known that no
   * more come when there was none for a while. For what is only looked at: silence and errors are not told.
   */
  async requestAll<T>(
    ctx: RequestContext,
    subject: string,
    message: unknown,
    { timeoutMs }: { timeoutMs: number },
  ): Promise<T[]> {
    const options = { strategy: 'stall', stall: STALL_MS, maxWait: timeoutMs, headers: contextHeaders(ctx) } as const;
    const found: T[] = [];
    try {
      for await (const answer of await this.nats.connection.requestMany(subject, JSON.stringify(message), options)) {
        const reply = parseReply(subject, await this.textOf(answer));
        if (reply.ok) found.push(reply.data as T);
      }
    } catch {
      // Nobody listens, or the connection is lost: what is there is all there is.
    }
    return found;
  }

  private async ask<T>(
    ctx: RequestContext,
    subject: string,
    message: unknown,
    { timeoutMs = TIMEOUT_MS_DEFAULT, repeatable = isQuery(subject) }: RequestOptions,
  ): Promise<T> {
    const leftMs = ctx.deadlineMs === undefined ? timeoutMs : Math.min(timeoutMs, ctx.deadlineMs - Date.now());
    if (leftMs < 1) throw new TimedOutError(`The deadline passed before ${subject} was asked.`);
    const body = JSON.stringify(message);
    const headers = contextHeaders(ctx);
    const ask = isTooLargeForMessage(body)
      ? (left: number): Promise<Msg> => this.askLarge(subject, body, { timeoutMs: left, headers })
      : (left: number): Promise<Msg> => this.nats.inbox.ask(subject, body, { timeoutMs: left, headers });
    let answer: Msg;
    try {
      answer = await outlast(this.nats, { patienceMs: leftMs, repeatable }, ask);
    } catch (cause) {
      throw cause instanceof AppError ? cause : requestError(subject, leftMs, cause);
    }
    const reply = parseReply(subject, await this.textOf(answer));
    if (reply.ok) return reply.data as T;
    throw fromWireError(reply.error);
  }

  /** Leaves the body in the payload store for as long as the request lasts. */
  private async askLarge(subject: string, body: string, question: Required<Question>): Promise<Msg> {
    const ref = await this.nats.payloads.leave(body);
    question.headers.set(PAYLOAD, ref);
    try {
      return await this.nats.inbox.ask(subject, '', question);
    } finally {
      this.nats.payloads.remove(ref);
    }
  }

  private async textOf(answer: Msg): Promise<string> {
    const ref = payloadOf(answer);
    if (ref === undefined) return answer.string();
    const text = await this.nats.payloads.claim(ref);
    this.nats.payloads.remove(ref);
    return text;
  }
}

const isQuery = (subject: string): boolean => subject.split('.')[KIND_TOKEN] === 'qry';

function parseReply(subject: string, answer: string): Reply {
  try {
    return JSON.parse(answer) as Reply;
  } catch (cause) {
    throw new InternalError(`The answer from ${subject} is not JSON.`, { cause });
  }
}

function requestError(subject: string, timeoutMs: number, cause: unknown): AppError {
  const service = subject.split('.')[SERVICE_TOKEN] ?? subject;
  if (cause instanceof errors.NoRespondersError) {
    return new ServiceUnavailableError(
      `No replica of the service "${service}" is running; nobody answers ${subject}.`,
      { cause },
    );
  }
  if (cause instanceof errors.TimeoutError) {
    return new TimedOutError(
      `The service "${service}" gave no answer to ${subject} within ${Math.round(timeoutMs)} ms.`,
      { cause },
    );
  }
  if (cause instanceof errors.InvalidArgumentError) {
    return new MessageTooLargeError(`The message to ${subject} is larger than NATS takes; send less at once.`, {
      cause,
    });
  }
  if (cause instanceof ConnectionLostError) {
    return new ServiceUnavailableError(
      `The connection to NATS was lost; whether the service "${service}" got the request is not known.`,
      { cause },
    );
  }
  return new ServiceUnavailableError(`NATS did not take the request to the service "${service}".`, { cause });
}
