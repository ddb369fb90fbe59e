import {
  isTerminal,
  type ExecutionCreateV1,
  type ExecutionInputsV1,
  type ExecutionV1,
  type PageRequest,
} from '@dspy-nest/contracts';
import type { KeyedRequest, ListPage } from '@dspy-nest/persistence';
import { isUuid, type RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { ExecutionPlanner } from '../dispatch/execution-planner';
import { IdempotencyService, keyedExecution } from '../idempotency/idempotency.service';
import { AcceptanceService } from '../lifecycle/acceptance.service';
import { Callers } from '../lifecycle/callers';
import { acceptedExecution } from '../lifecycle/execution-outcome';
import { OutcomesService } from '../lifecycle/outcomes.service';
import { type ExecutionEntity, toExecution } from './execution.entity';
import { ExecutionFinishedError, ExecutionNotFoundError } from './executions.errors';
import { ExecutionsRepository, type ListedExecution, type ProgramRef } from './executions.repository';

function toExecutions(page: ListPage<ListedExecution>): ListPage<ExecutionV1> {
  return { ...page, items: page.items.map(({ row, omitted }) => toExecution(row, omitted)) };
}

/** Executions from acceptance to outcome: at least once run, exactly once told. */
@Injectable()
export class ExecutionsService {
  constructor(
    private readonly planner: ExecutionPlanner,
    private readonly idempotency: IdempotencyService,
    private readonly acceptance: AcceptanceService,
    private readonly outcomes: OutcomesService,
    private readonly callers: Callers,
    private readonly executions: ExecutionsRepository,
  ) {}

  /** Accepts an execution and, if the caller waits, answers with its outcome. The same id, or key, is the same execution. */
  async create(ctx: RequestContext, request: ExecutionCreateV1): Promise<ExecutionV1> {
    const keyed = keyedExecution(ctx, request);
    const begin = (): Promise<ExecutionEntity> => this.begin(ctx, request, keyed);
    // The key comes before anything that may refuse what was accepted the first time.
    return toExecution(await (keyed === undefined ? begin() : this.idempotency.once(keyed, request.wait, begin)));
  }

  /** One execution. Rejects with {@link ExecutionNotFoundError}. */
  async get(ctx: RequestContext, id: string): Promise<ExecutionV1> {
    return toExecution(await this.stored(ctx.tenant, id));
  }

  /** Executions by id, in any order; unknown ones are left out. */
  async getMany(ctx: RequestContext, ids: readonly string[]): Promise<ExecutionV1[]> {
    const rows = await this.executions.findMany(ctx.tenant, ids.filter(isUuid));
    return rows.map((row) => toExecution(row));
  }

  /** The inputs of one execution, for who runs it. Rejects with {@link ExecutionNotFoundError}. */
  async inputs(ctx: RequestContext, id: string): Promise<ExecutionInputsV1> {
    const { inputs } = this.callers.row(ctx.tenant, id) ?? (await this.stored(ctx.tenant, id));
    return { inputs };
  }

  /** A page of executions. */
  async list(ctx: RequestContext, request: PageRequest): Promise<ListPage<ExecutionV1>> {
    return toExecutions(await this.executions.list(ctx, request));
  }

  /** A page of executions of each program, by the id of the program. */
  async listOf(
    ctx: RequestContext,
    programs: readonly ProgramRef[],
    request: PageRequest,
  ): Promise<Map<string, ListPage<ExecutionV1>>> {
    const pages = await this.executions.listOf(ctx, programs, request);
    return new Map([...pages].map(([id, page]) => [id, toExecutions(page)]));
  }

  /** Cancels an execution that has not ended. Rejects with {@link ExecutionNotFoundError} or {@link ExecutionFinishedError}. */
  async cancel(ctx: RequestContext, id: string): Promise<ExecutionV1> {
    const row = this.callers.row(ctx.tenant, id) ?? (await this.stored(ctx.tenant, id));
    const ended = isTerminal(row.status) ? row : await this.outcomes.end(row, 'cancelled');
    if (ended.status !== 'cancelled' || isTerminal(row.status)) throw new ExecutionFinishedError(id, ended.status);
    return toExecution(ended);
  }

  private async begin(
    ctx: RequestContext,
    request: ExecutionCreateV1,
    keyed: KeyedRequest | undefined,
  ): Promise<ExecutionEntity> {
    const { program, checkInputs, model, ensemble, plan } = await this.planner.plan(ctx, request);
    const checked = checkInputs(request.inputs);
    const row = acceptedExecution(ctx, { request, checked, program, model, ensemble, plan }, new Date());
    const asked = { row, maxConcurrency: program.config.maxConcurrency, keyed };
    return request.wait ? this.acceptance.run(asked) : this.acceptance.enqueue(asked);
  }

  private async stored(tenant: string, id: string): Promise<ExecutionEntity> {
    const row = await this.executions.find(tenant, id);
    if (row === null) throw new ExecutionNotFoundError(id);
    return row;
  }
}
