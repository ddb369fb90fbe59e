import {
  isTerminal,
  type ExecutionOutcomeV1,
  type ExecutionStartedV1,
  type OutcomeReceiptV1,
} from '@dspy-nest/contracts';
import type { Logger, RequestContext } from '@dspy-nest/platform';
import { Inject, Injectable } from '@nestjs/common';
import { AdmissionService } from '../admission/admission.service';
import type { Answer } from '../answers/answer-cache';
import { DispatchService } from '../dispatch/dispatch.service';
import { type ExecutionEntity, toLogFields } from '../executions/execution.entity';
import { ExecutionsRepository } from '../executions/executions.repository';
import { Journal } from '../journal/journal';
import { LOGGER } from '../logger';
import { Callers } from './callers';
import {
  type FinishedExecution,
  type PlatformEnding,
  finishedByAnswer,
  finishedByPlatform,
  finishedByWorker,
} from './execution-outcome';

/** How executions end and who is told: the first outcome is committed, then answered, whoever brings it. */
@Injectable()
export class OutcomesService {
  constructor(
    private readonly callers: Callers,
    private readonly dispatch: DispatchService,
    private readonly journal: Journal,
    private readonly executions: ExecutionsRepository,
    private readonly admission: AdmissionService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Notes that a worker is busy with an execution. */
  async start(started: ExecutionStartedV1): Promise<void> {
    if (await this.journal.start(started)) this.dispatch.announceBegin(started);
  }

  /**
   * Takes a worker's outcome. Once this resolves the job may be acknowledged; an outcome that is not the first changes nothing,
   * nor does one of an execution that was taken from the fleet.
   */
  async complete(outcome: ExecutionOutcomeV1): Promise<OutcomeReceiptV1> {
    const { tenant, executionId } = outcome;
    const row = this.callers.row(tenant, executionId) ?? (await this.executions.find(tenant, executionId));
    if (row === null || isTerminal(row.status) || !this.dispatch.isOfFleet(row)) return { applied: false };
    return { applied: await this.completeRow(row, outcome) };
  }

  /** Takes the outcome of the execution of a row; resolves to whether it was the first. */
  async completeRow(row: ExecutionEntity, outcome: ExecutionOutcomeV1): Promise<boolean> {
    const finished = finishedByWorker(row, outcome, this.callers.elapsedMs(row));
    return this.commit({ ...finished, lastSequence: await this.lastSequence(row, outcome) });
  }

  /** Ends an execution on the platform's own account; resolves to how it ended, which may be by an outcome that came first. */
  async end(row: ExecutionEntity, status: PlatformEnding): Promise<ExecutionEntity> {
    const ended = finishedByPlatform(row, status, this.callers.elapsedMs(row));
    const finished = { ...ended, lastSequence: await this.dispatch.shutTokens(row) };
    if (!(await this.write(finished))) return (await this.executions.find(row.tenant, row.id)) ?? finished;
    this.dispatch.withdraw(row, status === 'timed_out' ? status : 'cancelled').catch((error: unknown) => {
      this.logger.warn({ err: error, ...toLogFields(row) }, 'Could not take an ended execution back from the fleet.');
    });
    // A worker may have begun since the row was read; if that cannot be known, the callers are told all the same.
    const stored = (await this.executions.find(row.tenant, row.id).catch(() => null)) ?? finished;
    this.tell(stored);
    return stored;
  }

  /** Ends an execution by the answer to the same question; resolves to how it ended, which may be otherwise and before. */
  async answerWith(row: ExecutionEntity, answer: Answer): Promise<ExecutionEntity> {
    const finished = finishedByAnswer(row, answer, this.callers.elapsedMs(row));
    if (await this.commit(finished)) return finished;
    return (await this.executions.find(row.tenant, row.id)) ?? finished;
  }

  /** Resolves to how a held execution ended; ends it as timed out when that takes longer than it may. */
  within(row: ExecutionEntity, ended: Promise<ExecutionEntity>): Promise<ExecutionEntity> {
    return new Promise((resolve, reject) => {
      const expire = (): void => {
        this.end(row, 'timed_out').then(resolve, reject);
      };
      const timer = setTimeout(expire, row.timeoutMs);
      ended.finally(() => clearTimeout(timer)).then(resolve, reject);
    });
  }

  /** Writes the acceptance of a held execution in a moment, unless its outcome is there by then. */
  acceptSoon(row: ExecutionEntity): void {
    if (this.callers.row(row.tenant, row.id) !== row) return;
    const report = (error: unknown): void => {
      this.logger.error(
        { err: error, ...toLogFields(row) },
        'Could not write an acceptance; its outcome will write it.',
      );
    };
    const tell = (isNew: boolean): void => {
      if (isNew) this.dispatch.announceAcceptance(row);
      else this.answer(row.tenant, row.id).catch(report);
    };
    this.journal.acceptSoon(row, tell, report);
  }

  /** Commits the acceptance of a held execution; resolves to whether it was new. Of one that is not, the end is answered. */
  async acceptNow(row: ExecutionEntity): Promise<boolean> {
    const isNew = await this.journal.accept(row);
    if (!isNew) await this.answer(row.tenant, row.id);
    return isNew;
  }

  /** Notes that an execution was ended elsewhere; answers its caller if this replica holds one. */
  async answer(tenant: string, id: string): Promise<void> {
    if (this.callers.row(tenant, id) === undefined) {
      this.admission.endedElsewhere(id);
      return;
    }
    const stored = await this.executions.find(tenant, id);
    if (stored === null || !isTerminal(stored.status)) return;
    this.admission.endedElsewhere(id);
    this.callers.end(id, stored);
  }

  /** Looks how all executions stand whose callers are held here: news of their end may have been missed. */
  async catchUp(): Promise<void> {
    for (const { tenant, id } of this.callers.rows()) await this.answer(tenant, id);
  }

  /** Takes a caller away who hung up, and cancels the execution that nobody wants any more. */
  hangUp(tenant: string, id: string): void {
    const row = this.callers.hangUp(tenant, id);
    if (row === undefined) return;
    this.end(row, 'cancelled').catch((error: unknown) => {
      this.logger.warn({ err: error, ...toLogFields(row) }, 'Could not cancel an execution whose caller hung up.');
    });
  }

  /** Resolves to what a caller waits for of an execution; when the signal is aborted before, the caller has hung up. */
  async whileWanted<T>({ tenant }: RequestContext, id: string, signal: AbortSignal, outcome: Promise<T>): Promise<T> {
    const hangUp = (): void => this.hangUp(tenant, id);
    signal.addEventListener('abort', hangUp, { once: true });
    try {
      return await outcome;
    } finally {
      signal.removeEventListener('abort', hangUp);
    }
  }

  /** The number after which the outputs of a worker come. One that gave up before it looked at a job does not know it. */
  private async lastSequence(row: ExecutionEntity, { lastSequence }: ExecutionOutcomeV1): Promise<number | null> {
    return row.stream && lastSequence !== undefined ? lastSequence : this.dispatch.shutTokens(row);
  }

  /** Commits how an execution ended and answers who waits for it; resolves to whether this was the first outcome. */
  private async commit(finished: FinishedExecution): Promise<boolean> {
    const written = await this.write(finished);
    if (written !== null) this.tell(written);
    return written !== null;
  }

  /** Commits how an execution ended; resolves to null when another outcome was first, which then is answered. */
  private async write(finished: FinishedExecution): Promise<FinishedExecution | null> {
    const written = await this.journal.finish(finished);
    if (written === null) await this.answer(finished.tenant, finished.id);
    // What was answered from another execution was never let in.
    else if (!written.cached) this.admission.leave(written);
    return written;
  }

  /** Answers who waits for an execution that has ended, here or at another replica. */
  private tell(ended: ExecutionEntity): void {
    if (!this.callers.end(ended.id, ended)) this.dispatch.announceEnd(ended);
  }
}
