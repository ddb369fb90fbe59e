import { isTerminal, type ExecutionCreateV1 } from '@dspy-nest/contracts';
import {
  type FirstRequest,
  IdempotencyKeyInFlightError,
  IdempotencyKeyReusedError,
  IdempotencyKeys,
  type KeyedRequest,
  keyedRequest,
} from '@dspy-nest/persistence';
import type { RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ExecutionEntity } from '../executions/execution.entity';
import { ExecutionNotFoundError } from '../executions/executions.errors';
import { ExecutionsRepository } from '../executions/executions.repository';
import { Journal } from '../journal/journal';

/** The request for an execution as its key knows it: all but the id, which the gateway makes anew each time, and whether it is followed. */
export function keyedExecution(ctx: RequestContext, request: ExecutionCreateV1): KeyedRequest | undefined {
  return keyedRequest(ctx, 'execution.create', { ...request, id: undefined, stream: undefined });
}

/** Executions that were asked for under a key: one for each key, however often and wherever it is asked. */
@Injectable()
export class IdempotencyService {
  /** Hashes of the requests in hand here by tenant and key: many that come at once are answered without the database. */
  private readonly underWay = new Map<string, string>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly keys: IdempotencyKeys,
    private readonly journal: Journal,
    private readonly executions: ExecutionsRepository,
  ) {}

  /**
   * Begins the execution of the first request with a key, and answers every other as the first one was. Rejects with
   * IdempotencyKeyReusedError, or with IdempotencyKeyInFlightError when a caller would have to wait for the first.
   */
  async once(request: KeyedRequest, wait: boolean, begin: () => Promise<ExecutionEntity>): Promise<ExecutionEntity> {
    const { tenant, key, hash } = request;
    const inHand = `${tenant}/${key}`;
    const underWay = this.underWay.get(inHand);
    if (underWay === hash) throw new IdempotencyKeyInFlightError(key);
    if (underWay !== undefined) throw new IdempotencyKeyReusedError(key);
    this.underWay.set(inHand, hash);
    try {
      const first = await this.keys.first(this.dataSource.manager, request, new Date());
      return await (first === null ? begin() : this.answerOf(request, first, wait));
    } finally {
      this.underWay.delete(inHand);
    }
  }

  /**
   * Commits an acceptance, with its key if it came with one; resolves to null, or to what there was already under the same id
   * or key. Rejects as {@link once} does.
   */
  async accept(row: ExecutionEntity, request: KeyedRequest | undefined): Promise<ExecutionEntity | null> {
    if (request === undefined) return (await this.journal.accept(row)) ? null : this.stored(row.tenant, row.id);
    const first = await this.dataSource.transaction(async (manager) => {
      const claimed = await this.keys.claim(manager, request, row.id, row.createdAt);
      if (claimed === null) await this.journal.acceptWithin(manager, row);
      return claimed;
    });
    return first === null ? null : this.answerOf(request, first, row.deadlineAt !== null);
  }

  private async answerOf({ tenant, key }: KeyedRequest, first: FirstRequest, wait: boolean): Promise<ExecutionEntity> {
    const execution = await this.stored(tenant, first.subjectId);
    if (wait && !isTerminal(execution.status)) throw new IdempotencyKeyInFlightError(key);
    return execution;
  }

  private async stored(tenant: string, id: string): Promise<ExecutionEntity> {
    const row = await this.executions.find(tenant, id);
    if (row === null) throw new ExecutionNotFoundError(id);
    return row;
  }
}
