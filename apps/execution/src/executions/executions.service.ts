import type {
  ExecutionCreateV1,
  ExecutionOutcomeV1,
  ExecutionStartedV1,
  ExecutionV1,
  OutcomeReceiptV1,
  PageRequest,
} from '@dspy-nest/contracts';
import { NO_WORKER_PATIENCE_MS } from '@dspy-nest/contracts';
import type { ListPage } from '@dspy-nest/persistence';
import { type Logger, type RequestContext, ServiceUnavailableError } from '@dspy-nest/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DispatchService } from '../dispatch/dispatch.service';
import { planExecution } from '../dispatch/execution-plan';
import { DEFAULT_POOL } from '../dispatch/replica';
import { Journal } from '../journal/journal';
import { LOGGER } from '../logger';
import { ProgramsClient } from '../programs/programs.client';
import { WorkersService } from '../workers/workers.service';
import { Callers } from '../lifecycle/callers';
import {
  type FinishedExecution,
  acceptedExecution,
  finishedByPlatform,
  finishedByWorker,
} from '../lifecycle/execution-outcome';
import { isTerminal } from '../lifecycle/execution-status';
import { type ExecutionEntity, toExecution } from './execution.entity';
import { ExecutionFinishedError, ExecutionNotFoundError, NoWorkerError } from './executions.errors';
import { ExecutionsRepository } from './executions.repository';

/** Executions from acceptance to outcome: at least once run, exactly once told. */
@Injectable()
export class ExecutionsService {
  private readonly callers = new Callers();

  constructor(
    private readonly programs: ProgramsClient,
    private readonly workers: WorkersService,
    private readonly dispatch: DispatchService,
    private readonly journal: Journal,
    private readonly executions: ExecutionsRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Accepts an execution and, if the caller waits, answers with its outcome. The same id asked again is the same execution. */
  async create(ctx: RequestContext, request: ExecutionCreateV1): Promise<ExecutionV1> {
    const { program, checkInputs } = await this.programs.resolve(ctx, request.program, request.version);
    const model = await this.programs.model(ctx, request.model ?? program.model);
    const plan = planExecution(request, program, model);
    const inputs = checkInputs(request.inputs);
    const row = acceptedExecution(ctx, { request, inputs, program, model, plan }, new Date());
    return toExecution(request.wait ? await this.runAndWait(row) : await this.accept(row));
  }

  /** One execution. Rejects with {@link ExecutionNotFoundError}. */
  async get(ctx: RequestContext, id: string): Promise<ExecutionV1> {
    return toExecution(await this.stored(ctx.tenant, id));
  }

  /** A page of executions. */
  async list(ctx: RequestContext, request: PageRequest): Promise<ListPage<ExecutionV1>> {
    const page = await this.executions.list(ctx, request);
    return { ...page, items: page.items.map(toExecution) };
  }

  /** Cancels an execution that has not ended. Rejects with {@link ExecutionNotFoundError} or {@link ExecutionFinishedError}. */
  async cancel(ctx: RequestContext, id: string): Promise<ExecutionV1> {
    const row = this.callers.row(ctx.tenant, id) ?? (await this.stored(ctx.tenant, id));
    const ended = isTerminal(row.status) ? row : await this.end(row, 'cancelled');
    if (ended.status !== 'cancelled' || isTerminal(row.status)) throw new ExecutionFinishedError(id, ended.status);
    return toExecution(ended);
  }

  /** Takes a worker's outcome. Once this resolves the job may be acknowledged; an outcome that is not the first changes nothing. */
  async complete(outcome: ExecutionOutcomeV1): Promise<OutcomeReceiptV1> {
    const { tenant, executionId } = outcome;
    const row = this.callers.row(tenant, executionId) ?? (await this.executions.find(tenant, executionId));
    if (row === null || isTerminal(row.status)) return { applied: false };
    return { applied: await this.commit(finishedByWorker(row, outcome, this.callers.elapsedMs(row))) };
  }

  /** Notes that a worker is busy with an execution. */
  async start(started: ExecutionStartedV1): Promise<void> {
    await this.journal.start(started);
  }

  /** Answers the caller of an execution that was ended elsewhere, if this replica holds one. */
  async answer(tenant: string, id: string): Promise<void> {
    if (this.callers.row(tenant, id) === undefined) return;
    const stored = await this.executions.find(tenant, id);
    if (stored !== null && isFinished(stored)) this.callers.end(stored);
  }

  /** Ends an execution on the platform's own account; resolves to how it ended, which may be by an outcome that came first. */
  async end(row: ExecutionEntity, status: 'cancelled' | 'timed_out'): Promise<ExecutionEntity> {
    if (await this.commit(finishedByPlatform(row, status, this.callers.elapsedMs(row)))) {
      this.dispatch.withdraw(row, status).catch((error: unknown) => {
        this.logger.warn({ err: error, executionId: row.id }, 'Could not take an ended execution back from the fleet.');
      });
    }
    return this.stored(row.tenant, row.id);
  }

  private async accept(row: ExecutionEntity): Promise<ExecutionEntity> {
    if (!(await this.journal.accept(row))) return this.stored(row.tenant, row.id);
    // The row is committed: should this fail, the sweeper publishes.
    this.dispatch.publish(row).catch((error: unknown) => {
      this.logger.warn({ err: error, executionId: row.id }, 'Could not publish a job; the sweeper will.');
    });
    return row;
  }

  private async runAndWait(row: ExecutionEntity): Promise<ExecutionEntity> {
    const joined = this.callers.join(row.tenant, row.id);
    if (joined !== undefined) return joined;
    if (
      !this.workers.isServed(DEFAULT_POOL) &&
      !(await this.workers.waitUntilServed(DEFAULT_POOL, NO_WORKER_PATIENCE_MS))
    ) {
      throw new NoWorkerError(DEFAULT_POOL);
    }
    const ended = this.callers.hold(row);
    try {
      await this.dispatch.publish(row);
    } catch (error) {
      this.callers.release(row.id);
      throw new ServiceUnavailableError(
        'The work queue did not take the execution; nothing of it is kept. Try again.',
        {
          cause: error,
        },
      );
    }
    if (this.callers.row(row.tenant, row.id) === row) this.acceptSoon(row);
    return this.within(row, ended);
  }

  private acceptSoon(row: ExecutionEntity): void {
    const report = (error: unknown): void => {
      this.logger.error(
        { err: error, executionId: row.id },
        'Could not write an acceptance; its outcome will write it.',
      );
    };
    this.journal.acceptSoon(row, () => void this.answer(row.tenant, row.id).catch(report), report);
  }

  private within(row: ExecutionEntity, ended: Promise<ExecutionEntity>): Promise<ExecutionEntity> {
    return new Promise((resolve, reject) => {
      const expire = (): void => {
        this.end(row, 'timed_out').then(resolve, reject);
      };
      const timer = setTimeout(expire, row.timeoutMs);
      void ended.then((execution) => {
        clearTimeout(timer);
        resolve(execution);
      });
    });
  }

  /** Commits how an execution ended and answers who waits for it; resolves to whether this was the first outcome. */
  private async commit(finished: FinishedExecution): Promise<boolean> {
    const written = await this.journal.finish(finished);
    if (written === null) await this.answer(finished.tenant, finished.id);
    else this.callers.end(written);
    return written !== null;
  }

  private async stored(tenant: string, id: string): Promise<ExecutionEntity> {
    const row = await this.executions.find(tenant, id);
    if (row === null) throw new ExecutionNotFoundError(id);
    return row;
  }
}

const isFinished = (row: ExecutionEntity): row is FinishedExecution => isTerminal(row.status);
