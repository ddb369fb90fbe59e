import { randomUUID } from 'node:crypto';
import { RecurringTask, type Logger } from '@dspy-nest/platform';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { EvaluationKey } from '../evaluations/evaluation.entity';
import { LOGGER } from '../logger.token';
import { EvaluationLeasesRepository } from './evaluation-leases.repository';
import { EvaluationSteps } from './evaluation-steps.service';

const LOOK_EVERY_MS = 500;

/**
 * Moves evaluations on: each is with one replica at a time, which a lease in its row says; that of a dead replica goes to another.
 * The lease spares work, it is no lock: what two do for one evaluation counts once.
 */
@Injectable()
export class EvaluationRunner implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly replicaId = randomUUID();
  private readonly moving = new Map<string, Promise<void>>();
  private readonly looks = new RecurringTask(
    () => this.look(),
    LOOK_EVERY_MS,
    (err) => this.logger.error({ err }, 'Evaluations could not be looked after; the next look tries again.'),
  );

  constructor(
    private readonly leases: EvaluationLeasesRepository,
    private readonly steps: EvaluationSteps,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.looks.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.looks.stop();
    await Promise.all(this.moving.values());
    await this.leases.release(this.replicaId);
  }

  private async look(): Promise<void> {
    for (const key of await this.leases.claim(this.replicaId)) {
      if (this.moving.has(key.id) || this.looks.isStopped) continue;
      this.moving.set(
        key.id,
        this.moveOn(key).finally(() => this.moving.delete(key.id)),
      );
    }
  }

  private async moveOn(key: EvaluationKey): Promise<void> {
    try {
      await this.steps.moveOn(key);
    } catch (err) {
      this.logger.warn(
        { err, evaluationId: key.id },
        'An evaluation could not be moved on; the next look tries again.',
      );
    }
  }
}
