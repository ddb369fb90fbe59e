import { eventSubject, PUBLIC_EVENTS, publicEventType, type ResourceChangedV1 } from '@dspy-nest/contracts';
import { cloudEvent, EventBus, JobQueue } from '@dspy-nest/messaging';
import { enqueueEvent, inTransaction, OutboxRelay } from '@dspy-nest/persistence';
import type { Logger, RequestContext } from '@dspy-nest/platform';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { DataSource, type EntityManager } from 'typeorm';
import { LOGGER } from '../logger.token';

/** Where the service keeps its tables, and the source of its events. */
export const SCHEMA = 'optimization';
const DECLARE_ATTEMPTS = 60;
const DECLARE_PAUSE_MS = 500;

type OptimizationEvent = Extract<(typeof PUBLIC_EVENTS)[number], { service: typeof SCHEMA }>;

/** What can happen to a kind of resource. */
export type Verb<E extends OptimizationEvent['entity']> = Extract<OptimizationEvent, { entity: E }>['verb'];

/** One change of a resource, as the public event tells it. */
type Change = ResourceChangedV1 & { readonly entity: 'metric'; readonly verb: Verb<'metric'> };

/** Transactions whose events are published if, and only if, they commit. */
@Injectable()
export class OptimizationOutbox implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly relay: OutboxRelay;

  constructor(
    private readonly dataSource: DataSource,
    events: EventBus,
    private readonly streams: JobQueue,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.relay = new OutboxRelay(dataSource, SCHEMA, (subject, event) => events.publish(subject, event), logger);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.declareStreams();
    this.relay.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.relay.stop();
  }

  /** Runs the work in one transaction and has its events published as soon as that is committed. */
  async transaction<T>(ctx: RequestContext, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const result = await inTransaction(this.dataSource, ctx, work);
    this.relay.wake();
    return result;
  }

  /** Writes the event of a change into the transaction of the change. */
  async record(manager: EntityManager, ctx: RequestContext, { entity, verb, ...data }: Change): Promise<void> {
    const event = cloudEvent(ctx, {
      source: SCHEMA,
      type: publicEventType({ service: SCHEMA, entity, verb }),
      subject: data.id,
      data,
    });
    await enqueueEvent(manager, SCHEMA, eventSubject(ctx.tenant, SCHEMA, entity, verb), event);
  }

  /** JetStream may become ready after the rest of NATS. */
  private async declareStreams(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.streams.declareStreams();
      } catch (err) {
        if (attempt === DECLARE_ATTEMPTS) throw err;
        this.logger.warn({ err, attempt }, 'The stream of events cannot be declared yet; trying again.');
        await pause(DECLARE_PAUSE_MS);
      }
    }
  }
}
