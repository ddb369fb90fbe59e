import { type ExecutionStartedV1, jobSubject, type ModelCallV1 } from '@dspy-nest/contracts';
import { OutboxRelay, type PreparedStatement, preparedQuery } from '@dspy-nest/persistence';
import { uuidv7 } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { DatabaseError } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import type { ExecutionEntity } from '../executions/execution.entity';
import { type FinishedExecution, withUnstorableOutputs } from '../lifecycle/execution-outcome';
import { statesBefore } from '../lifecycle/execution-status';
import { finishedEvent } from './finished-event';
import { GroupCommit } from './group-commit';
import { jsonArrays } from './json-arrays';
import { ACCEPT, FINISH, FINISH_COUNTED, START } from './journal.statements';

/** Rows in one statement: past this the gain of writing together is small and the wait of the first one long. */
const MAX_BATCH = 500;

/** Characters of rows in one statement: rows may be of megabytes, and 500 such make no text that Node or Postgres takes. */
const MAX_STATEMENT_CHARS = 16 * 1_048_576;

/** An execution that ends sooner is written once, with its outcome; one that lasts longer is seen in lists meanwhile. */
const ACCEPTANCE_DELAY_MS = 100;

/** SQLSTATE class 22: the value itself is what the database refuses. */
const isDataError = (error: unknown): boolean => error instanceof DatabaseError && (error.code ?? '').startsWith('22');

/**
 * The only writer of executions. What comes in together is committed together, and an acceptance whose outcome arrives
 * before it was written makes one insert.
 */
@Injectable()
export class Journal {
  private readonly postponed = new Map<string, NodeJS.Timeout>();
  private readonly acceptances = new GroupCommit<ExecutionEntity, boolean>(
    (rows) => this.writeAcceptances(rows),
    MAX_BATCH,
  );
  private readonly outcomes = new GroupCommit<FinishedExecution, boolean>(
    (rows) => this.writeOutcomes(rows),
    MAX_BATCH,
  );
  private readonly batchListeners: ((batchIds: ReadonlySet<string>) => void)[] = [];
  private readonly starts = new GroupCommit<ExecutionStartedV1, boolean>((rows) => this.writeStarts(rows), MAX_BATCH);

  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: OutboxRelay,
  ) {}

  /** Commits an acceptance; resolves to whether the execution was new. */
  accept(row: ExecutionEntity): Promise<boolean> {
    return this.acceptances.add(row);
  }

  /** Writes acceptances in the transaction of `manager`, with what must not be there without them. */
  async acceptWithin(manager: EntityManager, ...rows: ExecutionEntity[]): Promise<void> {
    await manager.query(ACCEPT.text, [JSON.stringify(rows.map(toRecord))]);
  }

  /** Calls back with the ids of the batches whose rows have just ended by an outcome that this replica committed. */
  onBatchRowsEnded(listener: (batchIds: ReadonlySet<string>) => void): void {
    this.batchListeners.push(listener);
  }

  /** Commits an acceptance in a moment, unless its outcome is there by then. */
  acceptSoon(row: ExecutionEntity, onWritten: (isNew: boolean) => void, onError: (error: unknown) => void): void {
    const write = (): void => {
      this.postponed.delete(row.id);
      this.acceptances.add(row).then(onWritten, onError);
    };
    this.postponed.set(row.id, setTimeout(write, ACCEPTANCE_DELAY_MS));
  }

  private async commit(row: FinishedExecution): Promise<FinishedExecution | null> {
    return (await this.outcomes.add(row)) ? row : null;
  }

  private forget(id: string): void {
    clearTimeout(this.postponed.get(id));
    this.postponed.delete(id);
  }

  /**
   * Commits an outcome and its event; resolves to what was written, or to null when another outcome was first. Outputs that no
   * column can hold become a failure of the execution, for the model's answer will not get better by trying again to store it.
   */
  async finish(row: FinishedExecution): Promise<FinishedExecution | null> {
    this.forget(row.id);
    try {
      return await this.commit(row);
    } catch (error) {
      if (!isDataError(error)) throw error;
      return this.commit(withUnstorableOutputs(row));
    }
  }

  /** Commits that a worker has begun with an execution; resolves to whether this was news. */
  start(started: ExecutionStartedV1): Promise<boolean> {
    return this.starts.add(started);
  }

  private async writeAcceptances(rows: ExecutionEntity[]): Promise<boolean[]> {
    const written = await this.write<{ id: string }>(ACCEPT, rows.map(toRecord));
    const ids = new Set(written.map(({ id }) => id));
    return rows.map(({ id }) => ids.has(id));
  }

  private async writeOutcomes(rows: FinishedExecution[]): Promise<boolean[]> {
    const told = rows.map((row) => ({ row, ...finishedEvent(row) }));
    const records = told.map(({ row, subject, event }) => ({
      ...toRecord(row),
      event_subject: subject,
      event,
      ...toDeadLetter(row),
      calls: callsOf(row),
    }));
    const ended = [statesBefore('succeeded')];
    const batchIds = new Set(rows.flatMap(({ batchId }) => batchId ?? []));
    const statement = batchIds.size === 0 ? FINISH : FINISH_COUNTED;
    const written = await this.write<{ id: string; outbox_id: string }>(statement, records, ended);
    const outboxIds = new Map(written.map(({ id, outbox_id: outboxId }) => [id, outboxId]));
    this.outbox.hand(
      told.flatMap(({ row, subject, event }) => {
        const id = outboxIds.get(row.id);
        return id === undefined ? [] : [{ id, subject, event }];
      }),
    );
    if (batchIds.size > 0) for (const listener of this.batchListeners) listener(batchIds);
    return rows.map(({ id }) => outboxIds.has(id));
  }

  private async writeStarts(rows: ExecutionStartedV1[]): Promise<boolean[]> {
    const records = rows.map(({ executionId, ...row }) => ({ id: executionId, ...row }));
    const written = await preparedQuery<{ id: string }>(this.dataSource, START, [JSON.stringify(records)]);
    const ids = new Set(written.map(({ id }) => id));
    return rows.map(({ executionId }) => ids.has(executionId));
  }

  private async write<Row extends object>(
    statement: PreparedStatement,
    records: object[],
    parameters: unknown[] = [],
  ): Promise<Row[]> {
    const written: Row[] = [];
    for (const array of jsonArrays(records, MAX_STATEMENT_CHARS)) {
      written.push(...(await preparedQuery<Row>(this.dataSource, statement, [array, ...parameters])));
    }
    return written;
  }
}

function toRecord(row: ExecutionEntity): Record<string, unknown> {
  return {
    tenant: row.tenant,
    id: row.id,
    program_id: row.programId,
    program: row.program,
    version: row.version,
    signature: row.signature,
    status: row.status,
    inputs: row.inputs,
    outputs: row.outputs,
    error: row.error,
    coercions: row.coercions,
    model: row.model,
    model_id: row.modelId,
    model_version: row.modelVersion,
    adapter: row.adapter,
    format: row.format,
    fallback: row.fallback,
    pool: row.pool,
    lane: row.lane,
    program_hash: row.programHash,
    worker: row.worker,
    attempt: row.attempt,
    epoch: row.epoch,
    timeout_ms: row.timeoutMs,
    limits: row.limits,
    max_retries: row.maxRetries,
    record: row.record,
    stream: row.stream,
    last_sequence: row.lastSequence,
    deadline_at: row.deadlineAt,
    dispatched_at: row.dispatchedAt,
    prompt_tokens: row.promptTokens,
    completion_tokens: row.completionTokens,
    cost_usd: row.costUsd,
    total_ms: row.totalMs,
    queue_ms: row.queueMs,
    worker_ms: row.workerMs,
    lm_ms: row.lmMs,
    parse_ms: row.parseMs,
    recovery: row.recovery,
    cached: row.cached,
    cache_key: row.cacheKey,
    cache_ttl_s: row.cacheTtlS,
    ensemble: row.ensemble,
    batch_id: row.batchId,
    batch_index: row.batchIndex,
    rerun_of: row.rerunOf,
    replay_of: row.replayOf,
    traceparent: row.traceparent,
    created_at: row.createdAt,
    finished_at: row.finishedAt,
  };
}

const callsOf = ({ calls }: FinishedExecution): ModelCallV1[] | null =>
  calls === undefined || calls.length === 0 ? null : calls;

/** What is kept beside an execution whose job the fleet gave up. */
function toDeadLetter(row: FinishedExecution): { dead_letter_id: string; job_subject: string } | undefined {
  if (row.error?.code !== 'worker_crashed') return undefined;
  return { dead_letter_id: uuidv7(), job_subject: jobSubject(row.pool, row.lane, row.id) };
}
