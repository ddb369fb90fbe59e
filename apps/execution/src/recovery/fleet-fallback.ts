import { RecurringTask, type Logger } from '@dspy-nest/platform';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { LocalRuns } from '../adapters/local-runs/local-runs.service';
import { DispatchService } from '../dispatch/dispatch.service';
import { fallenBack } from '../dispatch/fallback';
import { DEFAULT_POOL } from '../dispatch/replica';
import { type ExecutionEntity, toLogFields } from '../executions/execution.entity';
import { ExecutionsRepository } from '../executions/executions.repository';
import { LOGGER } from '../logger';
import { WorkersService } from '../workers/workers.service';

const LOOK_EVERY_MS = 500;
const ROWS_PER_LOOK = 100;

/**
 * Takes executions from a fleet of which no worker lives, and runs them here where their program allows it: those that wait, and
 * those whose worker died with them. Any number of replicas may do so at once.
 */
@Injectable()
export class FleetFallback implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly looks = new RecurringTask(
    () => this.look(),
    LOOK_EVERY_MS,
    (err) => this.logger.error({ err }, 'Executions could not be taken from a dead fleet; the next look tries again.'),
  );

  constructor(
    private readonly workers: WorkersService,
    private readonly local: LocalRuns,
    private readonly executions: ExecutionsRepository,
    private readonly dispatch: DispatchService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.looks.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.looks.stop();
  }

  private async look(): Promise<void> {
    while (!this.looks.isStopped && this.local.room > 0 && this.workers.isDeserted(DEFAULT_POOL)) {
      const rows = await this.executions.waitingForFleet(Math.min(ROWS_PER_LOOK, this.local.room));
      await Promise.all(rows.map((row) => this.take(row)));
      if (rows.length < ROWS_PER_LOOK) return;
    }
  }

  private async take(row: ExecutionEntity): Promise<void> {
    const native = { ...fallenBack(row), epoch: row.epoch + 1, dispatchedAt: new Date() };
    if (!(await this.executions.claimFromFleet(row, native))) return;
    this.logger.warn(toLogFields(row), 'No worker lives; an execution that waited for one runs natively.');
    await this.dispatch.fallBack(native);
  }
}
