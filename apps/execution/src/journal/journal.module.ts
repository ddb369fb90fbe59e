import { EventBus } from '@dspy-nest/messaging';
import { OutboxRelay } from '@dspy-nest/persistence';
import type { Logger } from '@dspy-nest/platform';
import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AdaptersModule } from '../adapters/adapters.module';
import { AnswersModule } from '../answers/answers.module';
import { LOGGER } from '../logger';
import { RecordedJournal } from '../telemetry/recorded-journal';
import { TelemetryModule } from '../telemetry/telemetry.module';
import { Journal } from './journal';

const outbox = {
  provide: OutboxRelay,
  useFactory: (dataSource: DataSource, events: EventBus, logger: Logger): OutboxRelay =>
    new OutboxRelay(dataSource, 'execution', (subject, event) => events.publish(subject, event), logger),
  inject: [DataSource, EventBus, LOGGER],
};

const journal = { provide: Journal, useClass: RecordedJournal };

@Module({
  imports: [TelemetryModule, AnswersModule, AdaptersModule],
  providers: [outbox, journal],
  exports: [Journal, OutboxRelay],
})
export class JournalModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(private readonly outbox: OutboxRelay) {}

  onApplicationBootstrap(): void {
    this.outbox.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.outbox.stop();
  }
}
