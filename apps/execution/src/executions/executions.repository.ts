import { isTerminal, type ExecutionV1, type JsonObject, type PageRequest } from '@dspy-nest/contracts';
import { type ListPage, listPage } from '@dspy-nest/persistence';
import type { RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, LessThan, Repository } from 'typeorm';
import { EXECUTION_LIST } from './execution-list';
import { ExecutionEntity } from './execution.entity';

/** What is to be known of an open execution to see whether somebody will end it. */
export type OpenExecution = Pick<
  ExecutionEntity,
  'tenant' | 'id' | 'traceparent' | 'pool' | 'lane' | 'epoch' | 'deadlineAt' | 'dispatchedAt'
>;
const OF_OPEN = {
  tenant: true,
  id: true,
  traceparent: true,
  pool: true,
  lane: true,
  epoch: true,
  deadlineAt: true,
  dispatchedAt: true,
} as const;

/** Bytes of inputs, and of outputs, up to which a list has them: stored, where Postgres need not unpack them, and as text. */
const LISTED_MAX_BYTES = 32_768;
const isListed = (column: string): string =>
  `pg_column_size(${column}) <= ${LISTED_MAX_BYTES} AND octet_length(${column}::text) <= ${LISTED_MAX_BYTES}`;
const CONTENTS = `
  SELECT id, CASE WHEN ${isListed('inputs')} THEN inputs END AS inputs,
    CASE WHEN ${isListed('outputs')} THEN outputs END AS outputs, outputs IS NOT NULL AS "hasOutputs"
  FROM execution.executions WHERE tenant = $1 AND id = ANY($2)`;

interface Contents {
  readonly id: string;
  readonly inputs: JsonObject | null;
  readonly outputs: JsonObject | null;
  readonly hasOutputs: boolean;
}

/** An execution as a list has it: without what is large, which is told. */
export interface ListedExecution {
  readonly row: ExecutionEntity;
  readonly omitted: ExecutionV1['omitted'];
}

function withContents(row: ExecutionEntity, contents: Contents | undefined): ListedExecution {
  const omitted: ExecutionV1['omitted'] = [];
  if (contents?.inputs == null) omitted.push('inputs');
  // It may have ended since the row was read.
  const hasOutputs = contents?.hasOutputs === true && isTerminal(row.status);
  if (hasOutputs && contents.outputs === null) omitted.push('outputs');
  const outputs = hasOutputs ? contents.outputs : null;
  return { row: { ...row, inputs: contents?.inputs ?? {}, outputs }, omitted };
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
    const columns = this.rows.metadata.columns.map(({ propertyName }) => propertyName);
    const query = this.rows
      .createQueryBuilder('execution')
      .select(columns.filter((name) => name !== 'inputs' && name !== 'outputs').map((name) => `execution.${name}`))
      .where('execution.tenant = :tenant', { tenant });
    const page = await listPage(query, request, EXECUTION_LIST);
    const ids = page.items.map(({ id }) => id);
    const contents = ids.length === 0 ? [] : await this.rows.query<Contents[]>(CONTENTS, [tenant, ids]);
    const byId = new Map(contents.map((found) => [found.id, found]));
    return { ...page, items: page.items.map((row) => withContents(row, byId.get(row.id))) };
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
}
