import { KeyedCreations } from '@dspy-nest/persistence';
import type { Logger } from '@dspy-nest/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LOGGER } from '../logger.token';
import { OptimizationOutbox, SCHEMA } from '../outbox/optimization-outbox';

type Made = 'metric' | 'evaluation' | 'optimization';

/** Makes things once for each idempotency key. */
@Injectable()
export class CreationsService extends KeyedCreations<Made> {
  constructor(dataSource: DataSource, outbox: OptimizationOutbox, @Inject(LOGGER) logger: Logger) {
    super({ dataSource, schema: SCHEMA, outbox, logger });
  }
}
