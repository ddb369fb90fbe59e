import type { ExecutionV1, PageRequest } from '@dspy-nest/contracts';
import { type ListPage, listPage, listPages } from '@dspy-nest/persistence';
import type { RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, LessThan, Not, Repository, type SelectQueryBuilder } from 'typeorm';
import { FALLBACK } from '../dispatch/fallback';
import { EXECUTION_LIST, type ListedContents } from './execution-list';
import { ExecutionEntity } from './execution.entity';

/** What is to be known of an open execution to see whether somebody will end it. */
export type OpenExecution = Pick<
  ExecutionEntity,
  'tenant' | 'id' | 'traceparent' | 'adapter' | 'pool' | 'lane' | 'epoch' | 'deadlineAt' | 'dispatchedAt'
>;
const OF_OPEN = {
  tenant: true,
  id: true,
  traceparent: true,
  adapter: true,
  pool: true,
  lane: true,
  epoch: true,
  deadlineAt: true,
  dispatchedAt: true,
} as const;

/** An execution as a list has it: without what is large, which is told. */
export interface ListedExecution {
  readonly row: ExecutionEntity;
  readonly omitted: ExecutionV1['omitted'];
}

/** A program whose executions are looked for. */
export interface ProgramRef {
  readonly id: string;
  readonly name: string;
}

function withContents(
  row: ExecutionEntity,
  { listedInputs, listedOutputs, hasOutputs }: ListedContents,
): ListedExecution {
  const omitted: ExecutionV1['omitted'] = [];
  if (listedInputs === null) omitted.push('inputs');
  if (hasOutputs && listedOutputs === null) omitted.push('outputs');
  return { row: { ...row, inputs: listedInputs ?? {}, outputs: listedOutputs }, omitted };
}

function withAllContents(page: ListPage<ExecutionEntity>): ListPage<ListedExecution> {
  const contents = page.extras as unknown as ListedContents[];
  return { ...page, items: page.items.map((row, index) => withContents(row, contents[index]!)) };
}

/** Reads executions. Writing is the journal's. */
@Injectable()
export class ExecutionsRepository {
  constructor(@InjectRepository(ExecutionEntity) private readonly rows: Repository<ExecutionEntity>) {}

  /** One execution of the tenant, or null. */
  find(tenant: string, id: string): Promise<ExecutionEntity | null> {
    return this.rows.findOneBy({ tenant, id });
  }

  /** Those of the tenant among the ids, in any order. */
  findMany(tenant: string, ids: readonly string[]): Promise<ExecutionEntity[]> {
    return this.rows.findBy({ tenant, id: In(ids) });
  }

  /** A page of the tenant's executions; large inputs and outputs are neither read nor given. */
  async list({ tenant }: RequestContext, request: PageRequest): Promise<ListPage<ListedExecution>> {
    return withAllContents(await listPage(this.withoutContents(tenant), request, EXECUTION_LIST));
  }

  /** Such a page of each program, by its id and by one statement. */
  async listOf(
    { tenant }: RequestContext,
    programs: readonly ProgramRef[],
    request: PageRequest,
  ): Promise<Map<string, ListPage<ListedExecution>>> {
    const pages = await listPages(this.withoutContents(tenant), request, EXECUTION_LIST, {
      programId: { type: 'uuid', values: programs.map(({ id }) => id) },
      // Says nothing more, but an index has it.
      program: { type: 'text', values: programs.map(({ name }) => name) },
    });
    return new Map([...pages].map(([id, page]) => [id, withAllContents(page)]));
  }

  /** Open executions of all tenants that were last dispatched before `before`, oldest first; without their contents, which may be large. */
  openSince(before: Date, limit: number): Promise<OpenExecution[]> {
    return this.rows.find({
      select: OF_OPEN,
      where: { status: In(['queued', 'running']), dispatchedAt: LessThan(before) },
      order: { dispatchedAt: 'ASC' },
      take: limit,
    });
  }

  /** Open executions of all tenants that wait for the fleet and may run without it, oldest first. */
  waitingForFleet(limit: number): Promise<ExecutionEntity[]> {
    return this.rows.find({
      where: { fallback: true, adapter: Not(FALLBACK.adapter), status: In(['queued', 'running']) },
      order: { createdAt: 'ASC' },
      take: limit,
    });
  }

  /**
   * Claims an execution of the fleet for the adapter native: `row` is what was read, `native` what it becomes. Resolves to false
   * when another replica was first or the execution has ended.
   */
  async claimFromFleet(row: ExecutionEntity, native: ExecutionEntity): Promise<boolean> {
    const { adapter, format, cacheKey, epoch, dispatchedAt } = native;
    const { affected } = await this.rows.update(
      { tenant: row.tenant, id: row.id, epoch: row.epoch, adapter: row.adapter, status: In(['queued', 'running']) },
      { adapter, format, cacheKey, epoch, dispatchedAt },
    );
    return affected === 1;
  }

  /**
   * Claims the next dispatch of an open execution: `epoch` is what was read. Resolves to false when another replica was first
   * or the execution has ended.
   */
  async claimDispatch(row: OpenExecution, epoch: number, now: Date): Promise<boolean> {
    const { affected } = await this.rows.update(
      {
        tenant: row.tenant,
        id: row.id,
        epoch: row.epoch,
        dispatchedAt: row.dispatchedAt,
        status: In(['queued', 'running']),
      },
      { epoch, dispatchedAt: now },
    );
    return affected === 1;
  }

  private withoutContents(tenant: string): SelectQueryBuilder<ExecutionEntity> {
    const columns = this.rows.metadata.columns.map(({ propertyName }) => propertyName);
    return this.rows
      .createQueryBuilder('execution')
      .select(columns.filter((name) => name !== 'inputs' && name !== 'outputs').map((name) => `execution.${name}`))
      .where('execution.tenant = :tenant', { tenant });
  }
}
