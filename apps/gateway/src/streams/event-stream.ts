import { Injectable } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { eventStreamOf } from '../docs/api-answers';
import type { ContractName } from '../docs/contract-schemas';
import { OpenStreams } from './open-streams';
import { SseBody, type SseEvent } from './sse-body';

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  // Else a proxy such as nginx keeps events until it has a buffer full of them.
  'x-accel-buffering': 'no',
};

/** Events of one thing from after a number on, to its end; over from the beginning when its end was seen. */
export interface Followed<Event> extends AsyncIterator<Event> {
  readonly isOver: boolean;
}

/** Answers requests with events that come as they happen. */
@Injectable()
export class EventStream {
  constructor(private readonly streams: OpenStreams) {}

  /** Answers with what happens to one thing, to its end; with 204 when all of it was seen. Throws what `answer` throws. */
  follow<Event>(
    reply: FastifyReply,
    open: () => Promise<Followed<Event>>,
    toSseEvent: (event: Event) => SseEvent,
  ): Promise<void> {
    return this.answer(reply, async () => {
      const followed = await open();
      return followed.isOver ? undefined : mapEvents(followed, toSseEvent);
    });
  }

  /**
   * Answers with the events of a source until it ends, or the client or the gateway goes. The source is opened by `open`, which
   * may throw, and is given what to call when its reader is too slow; when there is none to open, nothing will ever come, and an
   * EventSource is told to come no more. `onLeave` is called when the stream ends for another reason than that its client goes.
   * A stream without numbers is one to which nobody comes again. Throws ServiceUnavailableError when there are too many.
   */
  async answer(
    reply: FastifyReply,
    open: (onTooSlow: () => void) => Promise<AsyncIterator<SseEvent> | undefined>,
    onLeave: () => void = () => undefined,
    isNumbered = true,
  ): Promise<void> {
    this.streams.admit();
    const opened: { body?: SseBody } = {};
    const giveUp = (): void => {
      this.streams.drop('sse');
      onLeave();
    };
    const drop = (): void => {
      giveUp();
      opened.body?.destroy();
    };
    const events = await open(drop);
    if (events === undefined) {
      await reply.code(204).send();
      return;
    }
    // Who went while it was opened leaves nothing that would end it.
    if (reply.raw.destroyed) {
      reply.hijack();
      await events.return?.();
      return;
    }
    const body = new SseBody(events, giveUp, undefined, isNumbered);
    opened.body = body;
    const finish = (): void => {
      onLeave();
      body.finish();
    };
    body.once('end', onLeave).once('close', this.streams.add('sse', finish));
    // Of a HEAD request nobody would read the body, nor end it.
    reply.raw.once('close', () => body.destroy());
    await reply.headers(HEADERS).send(body);
  }
}

/** The events of a source after a first one. */
export function beginWith<T>(first: T, events: AsyncIterator<T>): AsyncIterator<T> {
  let hasBegun = false;
  return {
    next: () => {
      if (hasBegun) return events.next();
      hasBegun = true;
      return Promise.resolve({ value: first, done: false });
    },
    return: async () => {
      await events.return?.();
      return { value: undefined, done: true };
    },
  };
}

/** The events of a source in another form. */
export function mapEvents<T, U>(events: AsyncIterator<T>, map: (event: T) => U): AsyncIterableIterator<U> {
  const mapped: AsyncIterableIterator<U> = {
    next: async () => {
      const result = await events.next();
      return result.done === true ? { value: undefined, done: true } : { value: map(result.value), done: false };
    },
    return: async () => {
      await events.return?.();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]: () => mapped,
  };
  return mapped;
}

/** Documents a stream of events, the data of each of which is one of these messages. */
export function ApiEventStream(description: string, ...names: ContractName[]): MethodDecorator {
  return ApiResponse({ status: 200, description, content: eventStreamOf(...names) });
}
