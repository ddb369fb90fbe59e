import { KeyedCreations } from '@dspy-nest/persistence';
import type { Logger } from '@dspy-nest/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LOGGER } from '../logger.token';
import { RegistryOutbox, SCHEMA } from '../outbox/registry-outbox';

type Made = 'signature' | 'program' | 'program-state' | 'program-candidate' | 'model' | 'dataset' | 'dataset-version';

/** Makes things once for each idempotency key. */
@Injectable()
export class CreationsService extends KeyedCreations<Made> {
  constructor(dataSource: DataSource, outbox: RegistryOutbox, @Inject(LOGGER) logger: Logger) {
    super({ dataSource, schema: SCHEMA, outbox, logger });
  }
}
