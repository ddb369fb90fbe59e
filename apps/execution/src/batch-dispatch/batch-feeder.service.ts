import { Injectable } from '@nestjs/common';
import { OverloadedError, ProgramBusyError } from '../admission/admission.errors';
import { AdmissionService } from '../admission/admission.service';
import { KnownAnswers } from '../answers/known-answers';
import type { BatchEntity } from '../batches/batch.entity';
import { countsOf } from '../batches/batch-progress';
import { type BatchKey, BatchesRepository } from '../batches/batches.repository';
import { fallenBack } from '../dispatch/fallback';
import { DispatchService } from '../dispatch/dispatch.service';
import type { ExecutionEntity } from '../executions/execution.entity';
import { OutcomesService } from '../lifecycle/outcomes.service';
import { batchExecution } from './batch-execution';
import { BatchRowsRepository } from './batch-rows.repository';
import { roomIn } from './batch-window';

/** Executions that are given up at once. */
const GIVE_UP_TOGETHER = 50;

/** Moves one batch on: hands its rows to the fleet as executions, and ends it when they have ended. */
@Injectable()
export class BatchFeeder {
  constructor(
    private readonly batches: BatchesRepository,
    private readonly rows: BatchRowsRepository,
    private readonly admission: AdmissionService,
    private readonly dispatch: DispatchService,
    private readonly outcomes: OutcomesService,
    private readonly answers: KnownAnswers,
  ) {}

  /**
   * Does what can be done for a batch now, with at most `share` of its rows with the fleet. Resolves to whether it may have more
   * to do at some time.
   */
  async moveOn(key: BatchKey, share: number): Promise<boolean> {
    for (;;) {
      const batch = await this.batches.find(key);
      if (batch === null) return false;
      if (batch.status === 'cancelling') return this.giveUp(batch);
      if (batch.status !== 'running') return false;
      const { pending, inFlight } = countsOf(batch);
      if (pending + inFlight === 0) return this.complete(batch);
      const room = pending === 0 ? 0 : roomIn(share, inFlight, batch.plan);
      if (room === 0 || !(await this.handOver(batch, room))) return true;
    }
  }

  /** Resolves to whether rows were handed over. */
  private async handOver(batch: BatchEntity, room: number): Promise<boolean> {
    const now = new Date();
    const fallsBack = batch.plan.fallback === true && (await this.admission.isFallbackDue());
    const planned = (await this.rows.pending(batch, room)).map((row) => batchExecution(batch, row, now));
    const asked = fallsBack ? planned.map(fallenBack) : planned;
    const admitted = await this.admitted(asked, batch.plan.maxConcurrency ?? undefined);
    if (admitted.length === 0) return false;
    if (!(await this.committed(batch, admitted))) return false;
    await Promise.all(admitted.map((row) => this.begin(row)));
    return true;
  }

  /** Ends the execution of a row by an answer that is kept, or has it run. */
  private async begin(row: ExecutionEntity): Promise<void> {
    const isAccepted = (): Promise<null> => Promise.resolve(null);
    if ((await this.answers.fromCache(row, isAccepted)) === null) await this.dispatch.publishAccepted(row);
  }

  /** The first of them, as many as are let in. */
  private async admitted(rows: ExecutionEntity[], maxConcurrency: number | undefined): Promise<ExecutionEntity[]> {
    const admitted: ExecutionEntity[] = [];
    for (const row of rows) {
      try {
        await this.admission.admit(row, maxConcurrency);
      } catch (error) {
        if (error instanceof OverloadedError || error instanceof ProgramBusyError) return admitted;
        throw error;
      }
      admitted.push(row);
    }
    return admitted;
  }

  private async committed(batch: BatchEntity, rows: ExecutionEntity[]): Promise<boolean> {
    let isCommitted = false;
    try {
      isCommitted = await this.rows.handOver(batch, rows);
    } finally {
      if (!isCommitted) for (const row of rows) this.admission.leave(row);
    }
    return isCommitted;
  }

  private async complete(batch: BatchEntity): Promise<boolean> {
    const move = { to: 'completed', from: ['running'], verb: 'completed', finishedAt: new Date() } as const;
    await this.batches.move(batch, move);
    return false;
  }

  /** Gives up what is with the fleet; what was not handed over never is. */
  private async giveUp(batch: BatchEntity): Promise<boolean> {
    for (;;) {
      const open = await this.rows.open(batch, GIVE_UP_TOGETHER);
      if (open.length === 0) break;
      await Promise.all(open.map((row) => this.outcomes.end(row, 'cancelled')));
    }
    const move = { to: 'cancelled', from: ['cancelling'], verb: 'cancelled', finishedAt: new Date() } as const;
    await this.batches.move(batch, move);
    return false;
  }
}
