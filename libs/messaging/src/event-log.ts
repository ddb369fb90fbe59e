import { STREAM_SUBJECTS, STREAMS } from '@dspy-nest/contracts';
import { ServiceUnavailableError } from '@dspy-nest/platform';
import { type Consumer, type ConsumerMessages, DeliverPolicy } from '@nats-io/jetstream';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { Nats } from './nats';
import { RecentEvents } from './recent-events';
import { type EventsLost, type StoredEvent, toStoredEvent } from './stored-event';
import { type EventPage, isStored, readPage, stateOf } from './stored-events';

const RETRY_MS = 250;
/** A consumer that the server forgot is noticed after two missed heartbeats, each half of this. */
const PULL_EXPIRES_MS = 5_000;
const PULL_MESSAGES = 512;

const logger = new Logger('EventLog');

/** Who wants to know of events as they are stored; `lose` says that some were missed. */
export interface EventListener {
  take(event: StoredEvent): void;
  lose(lost: EventsLost): void;
}

/**
 * The stored public events with their numbers: as they come, and those before. However many follow here, the process has one
 * consumer at the server, made when the first comes; what was before is read from memory, or without a consumer.
 */
@Injectable()
export class EventLog implements OnModuleDestroy {
  private readonly recent = new RecentEvents();
  private readonly listeners = new Set<EventListener>();
  private starting: Promise<void> | undefined;
  private messages: ConsumerMessages | undefined;
  private isStopped = false;

  constructor(private readonly nats: Nats) {}

  onModuleDestroy(): void {
    this.isStopped = true;
    this.messages?.stop();
  }

  /** The number of the last message that came. */
  get position(): number {
    return this.recent.position;
  }

  /** Tells the listener of every event from now on. Throws ServiceUnavailableError when there is no stream to follow. */
  async listen(listener: EventListener): Promise<void> {
    await this.start();
    this.listeners.add(listener);
  }

  /** Ends what `listen` began. */
  leave(listener: EventListener): void {
    this.listeners.delete(listener);
  }

  /** Whether a number lies beyond all that are stored: then it is from a stream that was there before this one. */
  async isBeyond(sequence: number): Promise<boolean> {
    // Another process may be ahead of this one by a moment.
    return sequence > this.position && sequence > (await stateOf(this.nats)).last_seq;
  }

  /** The first events of all tenants after a number, from memory; undefined when they are not all there. */
  remembered(after: number): readonly StoredEvent[] | undefined {
    return this.recent.covers(after) ? this.recent.after(after) : undefined;
  }

  /** The first events of a tenant after a number, from the server. Throws ServiceUnavailableError. */
  stored(tenant: string, after: number): Promise<EventPage> {
    return readPage(this.nats, tenant, after);
  }

  private async start(): Promise<void> {
    this.starting ??= this.begin();
    try {
      await this.starting;
    } catch (cause) {
      this.starting = undefined;
      throw new ServiceUnavailableError('The stream of events is not there; try again in a moment.', { cause });
    }
  }

  private async begin(): Promise<void> {
    this.recent.startAfter((await stateOf(this.nats)).last_seq);
    // The client's own way back may take half a minute.
    this.nats.onReconnect(() => this.messages?.stop());
    void this.run();
  }

  private async run(): Promise<void> {
    while (!this.isStopped) {
      try {
        await this.follow();
      } catch (err) {
        logger.warn(new Error('The stream of events cannot be followed; trying again.', { cause: err }));
      }
      if (!this.isStopped) await pause(RETRY_MS);
    }
  }

  private async follow(): Promise<void> {
    await this.findAgain();
    const consumer = await this.nats.manager.jetstream().consumers.get(STREAMS.events, {
      filter_subjects: STREAM_SUBJECTS.events,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: this.position + 1,
    });
    try {
      await this.consume(consumer);
    } finally {
      this.messages = undefined;
      // Without it the server would keep it for minutes.
      consumer.delete().catch(() => undefined);
    }
  }

  private async consume(consumer: Consumer): Promise<void> {
    this.messages = await consumer.consume({ max_messages: PULL_MESSAGES, expires: PULL_EXPIRES_MS });
    if (this.isStopped) this.messages.stop();
    for await (const { seq, subject, data } of this.messages) {
      const event = toStoredEvent(seq, subject, data);
      if (event !== undefined) this.take(event);
    }
  }

  private take(event: StoredEvent): void {
    this.recent.add(event);
    for (const listener of this.listeners) listener.take(event);
  }

  /** Finds the place where it was: NATS may have come back with an older store, whose numbers go to other events. */
  private async findAgain(): Promise<void> {
    const { first_seq: oldest, last_seq: sequence } = await stateOf(this.nats);
    const { newest, position } = this.recent;
    const isNewestStored = newest === undefined || newest.sequence < oldest || (await isStored(this.nats, newest));
    if (sequence >= position && oldest <= position + 1 && isNewestStored) return;
    this.recent.startAfter(sequence);
    logger.warn(`Events after number ${position} were missed, or the stream began anew at ${sequence}.`);
    for (const listener of this.listeners) listener.lose({ sequence, lost: true });
  }
}
