import type { ExecutionAbandonedV1, ExecutionEndedV1, ExecutionStartedV1 } from '@dspy-nest/contracts';
import { SIGNALS } from '@dspy-nest/contracts';
import { Nats, SignalBus } from '@dspy-nest/messaging';
import type { Logger } from '@dspy-nest/platform';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { LocalRuns } from '../adapters/local-runs/local-runs.service';
import { LOGGER } from '../logger';
import { OutcomesService } from '../lifecycle/outcomes.service';

/** What workers, what runs in this process, gateways and other replicas tell of executions without waiting for an answer. */
@Injectable()
export class ExecutionsConsumer implements OnModuleInit {
  constructor(
    private readonly signals: SignalBus,
    private readonly nats: Nats,
    private readonly outcomes: OutcomesService,
    private readonly local: LocalRuns,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.local.listen({
      started: (started) => this.outcomes.start(started),
      ended: (row, outcome) => this.outcomes.completeRow(row, outcome),
    });
    this.signals.subscribe<ExecutionStartedV1>(SIGNALS.executionStarted, (started) => {
      this.logFailure(this.outcomes.start(started), 'Could not note that an execution has begun.', started.executionId);
    });
    // Another replica may end an execution whose caller is held here: it took the cancel request, or the outcome.
    this.signals.subscribe<ExecutionEndedV1>(SIGNALS.executionEnded, ({ tenant, executionId }) => {
      this.logFailure(this.outcomes.answer(tenant, executionId), 'Could not answer a caller.', executionId);
    });
    this.signals.subscribe<ExecutionAbandonedV1>(SIGNALS.executionAbandoned, ({ tenant, executionId }) => {
      this.outcomes.hangUp(tenant, executionId);
    });
    this.nats.onReconnect(() =>
      this.logFailure(this.outcomes.catchUp(), 'Could not look after the callers held here.'),
    );
  }

  private logFailure(work: Promise<void>, message: string, executionId?: string): void {
    work.catch((err: unknown) => this.logger.warn({ err, executionId }, message));
  }
}
