import { EventBus, JobQueue } from '@dspy-nest/messaging';
import { ChangeOutbox, type EventOf } from '@dspy-nest/persistence';
import type { Logger } from '@dspy-nest/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LOGGER } from '../logger.token';

/** Where the service keeps its tables, and the source of its events. */
export const SCHEMA = 'optimization';

/** Transactions whose events are published if, and only if, they commit. */
@Injectable()
export class OptimizationOutbox extends ChangeOutbox<EventOf<typeof SCHEMA, 'metric'>> {
  constructor(dataSource: DataSource, events: EventBus, streams: JobQueue, @Inject(LOGGER) logger: Logger) {
    super(SCHEMA, { dataSource, events, streams, logger });
  }
}
