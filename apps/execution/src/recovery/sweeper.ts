import { isTerminal } from '@dspy-nest/contracts';
import { RecurringTask, type Logger } from '@dspy-nest/platform';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DispatchService } from '../dispatch/dispatch.service';
import { type ExecutionEntity, toLogFields } from '../executions/execution.entity';
import { ExecutionsRepository, type OpenExecution } from '../executions/executions.repository';
import { OutcomesService } from '../lifecycle/outcomes.service';
import { LOGGER } from '../logger';
import { type Remedy, remedyFor } from './remedy';

const SWEEP_EVERY_MS = 1_000;
const UNSEEN_FOR_MS = 10_000;
const ROWS_PER_SWEEP = 200;

/**
 * Finds executions that nobody is going to end: their job is not in the queue (NATS lost it, or it was never published), or
 * their caller's replica died before the deadline. What keeps being lost is given up. Any number of replicas may sweep at once.
 */
@Injectable()
export class Sweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly sweeps = new RecurringTask(
    () => this.sweep(new Date()),
    SWEEP_EVERY_MS,
    (err) => this.logger.error({ err }, 'A sweep failed; the next one tries again.'),
  );

  constructor(
    private readonly executions: ExecutionsRepository,
    private readonly outcomes: OutcomesService,
    private readonly dispatch: DispatchService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.sweeps.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.sweeps.stop();
  }

  /** Looks once at the executions that were not looked at for 10 s, as of `now`. */
  async sweep(now: Date): Promise<void> {
    const rows = await this.executions.openSince(new Date(now.getTime() - UNSEEN_FOR_MS), ROWS_PER_SWEEP);
    for (const row of rows) await this.mend(row, remedyFor(row, await this.dispatch.isQueued(row), now), now);
  }

  private async mend(open: OpenExecution, remedy: Remedy, now: Date): Promise<void> {
    if (remedy === 'time-out') {
      await this.end(open, 'timed_out');
      return;
    }
    if (remedy === 'give-up') {
      this.logger.error(
        { ...toLogFields(open), epoch: open.epoch },
        'The job of an execution keeps being lost; given up.',
      );
      await this.end(open, 'failed');
      return;
    }
    const epoch = remedy === 'dispatch-again' ? open.epoch + 1 : open.epoch;
    const claimed = await this.executions.claimDispatch(open, epoch, now);
    if (!claimed || remedy === 'look-later') return;
    this.logger.warn({ ...toLogFields(open), epoch }, 'The job of an open execution was gone; it is dispatched again.');
    const row = await this.stillOpen(open);
    if (row !== null) await this.dispatch.publish(row);
  }

  private async end(open: OpenExecution, status: 'timed_out' | 'failed'): Promise<void> {
    const row = await this.stillOpen(open);
    if (row !== null) await this.outcomes.end(row, status);
  }

  private async stillOpen({ tenant, id }: OpenExecution): Promise<ExecutionEntity | null> {
    const row = await this.executions.find(tenant, id);
    return row === null || isTerminal(row.status) ? null : row;
  }
}
