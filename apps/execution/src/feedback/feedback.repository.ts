import {
  eventSubject,
  FEEDBACK_MAX,
  type CorrectionsV1,
  type FeedbackCreatedV1,
  type PageRequest,
  publicEventType,
} from '@dspy-nest/contracts';
import {
  enqueueEvent,
  type FirstRequest,
  IdempotencyKeys,
  type KeyedRequest,
  type ListDefinition,
  type ListPage,
  listPage,
  listPages,
  OutboxRelay,
} from '@dspy-nest/persistence';
import { cloudEvent, type RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, Repository } from 'typeorm';
import { ExecutionNotFoundError } from '../executions/executions.errors';
import { FeedbackEntity } from './feedback.entity';
import { TooMuchFeedbackError } from './feedback.errors';

const OF_FEEDBACK = { service: 'execution', entity: 'feedback', verb: 'created' } as const;

const LIST: ListDefinition = {
  filterable: {
    id: { column: 'id', type: 'uuid' },
    name: { column: 'name', type: 'string', nullable: true },
    score: { column: 'score', type: 'number', nullable: true },
    comment: { column: 'comment', type: 'string', nullable: true },
    corrected: { column: '(feedback.correction IS NOT NULL)', type: 'boolean' },
    source: { column: 'source', type: 'string' },
    author: { column: 'author', type: 'string', nullable: true },
    createdAt: { column: 'createdAt', type: 'timestamp' },
  },
  sortable: { createdAt: 'createdAt', score: `COALESCE(feedback.score, '-Infinity')` },
  defaultSort: '-createdAt',
  idColumn: 'id',
};

const CORRECTIONS = `
  SELECT DISTINCT ON (execution_id) execution_id AS "executionId", correction FROM execution.feedback
  WHERE tenant = $1 AND execution_id = ANY($2) AND correction IS NOT NULL
  ORDER BY execution_id, created_at DESC, id DESC`;

/** The table of feedback. */
@Injectable()
export class FeedbackRepository {
  constructor(
    @InjectRepository(FeedbackEntity) private readonly rows: Repository<FeedbackEntity>,
    private readonly keys: IdempotencyKeys,
    private readonly outbox: OutboxRelay,
  ) {}

  /** One feedback of the tenant, or null. */
  find(tenant: string, id: string): Promise<FeedbackEntity | null> {
    return this.rows.findOneBy({ tenant, id });
  }

  /** What the first request with a key made. */
  first(request: KeyedRequest, now: Date): Promise<FirstRequest | null> {
    return this.keys.first(this.rows.manager, request, now);
  }

  /**
   * Writes a feedback with its event, and with its key if it came with one; resolves to the id that stands: that of the first
   * request with the key. Rejects with ExecutionNotFoundError or TooMuchFeedbackError.
   */
  async add(row: FeedbackEntity, told: FeedbackCreatedV1, request: KeyedRequest | undefined): Promise<string> {
    const id = await this.rows.manager.transaction(async (manager) => {
      const first = request && (await this.keys.claim(manager, request, row.id, row.createdAt));
      if (first) return first.subjectId;
      await this.makeRoom(manager, row);
      const written: object = row;
      await manager.insert(FeedbackEntity, written);
      await this.announce(manager, row, told);
      return row.id;
    });
    this.outbox.wake();
    return id;
  }

  /** A page of the feedback on one execution. */
  list({ tenant }: RequestContext, executionId: string, request: PageRequest): Promise<ListPage<FeedbackEntity>> {
    const query = this.rows.createQueryBuilder('feedback').where({ tenant, executionId });
    return listPage(query, request, LIST);
  }

  /** Such a page of each execution, by its id and by one statement. */
  listOf(
    { tenant }: RequestContext,
    executionIds: readonly string[],
    request: PageRequest,
  ): Promise<Map<string, ListPage<FeedbackEntity>>> {
    const query = this.rows.createQueryBuilder('feedback').where('feedback.tenant = :tenant', { tenant });
    return listPages(query, request, LIST, { executionId: { type: 'uuid', values: executionIds } });
  }

  /** The newest correction of each of the executions that have one. */
  corrections(tenant: string, executionIds: readonly string[]): Promise<CorrectionsV1['items']> {
    return this.rows.manager.query(CORRECTIONS, [tenant, executionIds]);
  }

  /** Holds the execution, so that of many feedbacks at once none is one too many. */
  private async makeRoom(manager: EntityManager, { tenant, executionId }: FeedbackEntity): Promise<void> {
    const key = [tenant, executionId];
    const held = await manager.query<unknown[]>(
      'SELECT 1 FROM execution.executions WHERE tenant = $1 AND id = $2 FOR NO KEY UPDATE',
      key,
    );
    if (held.length === 0) throw new ExecutionNotFoundError(executionId);
    const [given] = await manager.query<{ count: number }[]>(
      'SELECT count(*)::int AS count FROM execution.feedback WHERE tenant = $1 AND execution_id = $2',
      key,
    );
    if (given!.count >= FEEDBACK_MAX) throw new TooMuchFeedbackError(executionId);
  }

  private async announce(manager: EntityManager, row: FeedbackEntity, data: FeedbackCreatedV1): Promise<void> {
    const { service, entity, verb } = OF_FEEDBACK;
    const event = cloudEvent(row, {
      id: `${row.id}:${verb}`,
      source: service,
      type: publicEventType(OF_FEEDBACK),
      subject: row.id,
      data,
    });
    await enqueueEvent(manager, service, eventSubject(row.tenant, service, entity, verb), event);
  }
}
