import { setTimeout as pause } from 'node:timers/promises';
import {
  type CloudEvent,
  eventSubject,
  type PUBLIC_EVENTS,
  publicEventType,
  type ResourceChangedV1,
} from '@dspy-nest/contracts';
import { cloudEvent, type Logger, type RequestContext } from '@dspy-nest/platform';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { enqueueEvent } from './outbox';
import { OutboxRelay } from './outbox-relay';
import { inTransaction } from './transaction';

const DECLARE_ATTEMPTS = 60;
const DECLARE_PAUSE_MS = 500;

type PublicEvent = (typeof PUBLIC_EVENTS)[number];

/** The public events of a service, or of one kind of its resources. */
export type EventOf<S extends PublicEvent['service'], E extends string = string> = Extract<
  PublicEvent,
  { service: S; entity: E }
>;

/** What can happen to a kind of resource of a service. */
export type VerbOf<S extends PublicEvent['service'], E extends string> = EventOf<S, E>['verb'];

/** What an outbox works with: it knows nothing of NATS. */
export interface OutboxParts {
  readonly dataSource: DataSource;
  readonly events: { publish(subject: string, event: CloudEvent): Promise<void> };
  readonly streams: { declareStreams(): Promise<void> };
  readonly logger: Logger;
}

/**
 * Transactions whose events are published if, and only if, they commit. `T` are the events that it writes; they are of one
 * service, whose schema has its name.
 */
export class ChangeOutbox<T extends PublicEvent> implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly relay: OutboxRelay;

  constructor(
    private readonly service: T['service'],
    private readonly parts: OutboxParts,
  ) {
    const { dataSource, events, logger } = parts;
    this.relay = new OutboxRelay(dataSource, service, (subject, event) => events.publish(subject, event), logger);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.declareStreams();
    this.relay.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.relay.stop();
  }

  /** Runs the work in one transaction and has its events published as soon as that is committed. */
  async transaction<R>(ctx: RequestContext, work: (manager: EntityManager) => Promise<R>): Promise<R> {
    const result = await inTransaction(this.parts.dataSource, ctx, work);
    this.relay.wake();
    return result;
  }

  /** Writes the event of a change into the transaction of the change. */
  async record(
    manager: EntityManager,
    ctx: RequestContext,
    { entity, verb, ...data }: ResourceChangedV1 & Pick<T, 'entity' | 'verb'>,
  ): Promise<void> {
    const { service } = this;
    const event = cloudEvent(ctx, {
      source: service,
      type: publicEventType({ service, entity, verb }),
      subject: data.id,
      data,
    });
    await enqueueEvent(manager, service, eventSubject(ctx.tenant, service, entity, verb), event);
  }

  /** JetStream may become ready after the rest of NATS. */
  private async declareStreams(): Promise<void> {
    const { streams, logger } = this.parts;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await streams.declareStreams();
      } catch (err) {
        if (attempt === DECLARE_ATTEMPTS) throw err;
        logger.warn({ err, attempt }, 'The stream of events cannot be declared yet; trying again.');
        await pause(DECLARE_PAUSE_MS);
      }
    }
  }
}
