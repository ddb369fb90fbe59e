import { EventBus, JobQueue } from '@dspy-nest/messaging';
import { ChangeOutbox, type EventOf } from '@dspy-nest/persistence';
import type { Logger } from '@dspy-nest/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LOGGER } from '../logger.token';

/** Where the registry keeps its tables, and the source of its events. */
export const SCHEMA = 'registry';

/** Transactions whose events are published if, and only if, they commit. */
@Injectable()
export class RegistryOutbox extends ChangeOutbox<EventOf<typeof SCHEMA>> {
  constructor(dataSource: DataSource, events: EventBus, streams: JobQueue, @Inject(LOGGER) logger: Logger) {
    super(SCHEMA, { dataSource, events, streams, logger });
  }
}
