import type { ExecutionAbandonedV1, ExecutionStartedV1 } from '@dspy-nest/contracts';
import { SIGNALS, eventFilter } from '@dspy-nest/contracts';
import { EventBus, SignalBus } from '@dspy-nest/messaging';
import type { Logger } from '@dspy-nest/platform';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { LOGGER } from '../logger';
import { OutcomesService } from '../lifecycle/outcomes.service';

/** What workers, gateways and other replicas tell of executions without waiting for an answer. */
@Injectable()
export class ExecutionsConsumer implements OnModuleInit {
  constructor(
    private readonly signals: SignalBus,
    private readonly events: EventBus,
    private readonly outcomes: OutcomesService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    // Another replica may end an execution whose caller is held here: it took the cancel request, or the outcome.
    this.events.subscribe(eventFilter('execution', 'execution'), async ({ tenant, subject }) => {
      await this.outcomes.answer(tenant, subject ?? '');
    });
    this.signals.subscribe<ExecutionStartedV1>(SIGNALS.executionStarted, (started) => {
      this.outcomes.start(started).catch((error: unknown) => {
        this.logger.warn(
          { err: error, executionId: started.executionId },
          'Could not note that an execution has begun.',
        );
      });
    });
    this.signals.subscribe<ExecutionAbandonedV1>(SIGNALS.executionAbandoned, ({ tenant, executionId }) => {
      this.outcomes.hangUp(tenant, executionId);
    });
  }
}
