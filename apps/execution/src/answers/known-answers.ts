import { Injectable } from '@nestjs/common';
import type { ExecutionEntity } from '../executions/execution.entity';
import { Callers } from '../lifecycle/callers';
import { OutcomesService } from '../lifecycle/outcomes.service';
import { AnswerCache } from './answer-cache';

/** Executions that need no model, because the same was asked before or is being asked now. */
@Injectable()
export class KnownAnswers {
  /** The executions held here that ask a model, by their question. */
  private readonly asking = new Map<string, string>();

  constructor(
    private readonly cache: AnswerCache,
    private readonly callers: Callers,
    private readonly outcomes: OutcomesService,
  ) {}

  /** Ends an execution by an answer that is kept; resolves to null where there is none. `claim` is done before. */
  async fromCache(row: ExecutionEntity, claim: () => Promise<ExecutionEntity | null>): Promise<ExecutionEntity | null> {
    if (row.cacheKey === null) return null;
    const answer = await this.cache.get(row.cacheKey);
    if (answer === null) return null;
    return (await claim()) ?? this.outcomes.answerWith(row, answer);
  }

  /**
   * As {@link fromCache} for an execution whose caller is held here, and waits for the answer of one that is asking the same.
   * Resolves to null when a model has to be asked, which others may wait for from then on.
   */
  async whenKnown(
    row: ExecutionEntity,
    ended: Promise<ExecutionEntity>,
    claim: () => Promise<ExecutionEntity | null>,
  ): Promise<ExecutionEntity | null> {
    if (row.cacheKey === null) return null;
    const follower = { row, ended, claim };
    // Before the cache, too: one that ends while the cache is read is found neither there nor afterwards.
    const before = this.joined(row.tenant, row.cacheKey);
    if (before !== undefined) return this.follow(follower, before);
    const kept = await this.fromCache(row, claim);
    if (kept !== null) return kept;
    const meanwhile = this.joined(row.tenant, row.cacheKey);
    if (meanwhile !== undefined) return this.follow(follower, meanwhile);
    this.lead(row.cacheKey, row.id, ended);
    return null;
  }

  /** The execution that asks a model a question now, from here on with one more who waits for it. */
  private joined(tenant: string, key: string): Joined | undefined {
    const id = this.asking.get(key);
    const asked = id === undefined ? undefined : this.callers.join(tenant, id);
    return id === undefined || asked === undefined ? undefined : { id, asked };
  }

  private lead(key: string, id: string, ended: Promise<ExecutionEntity>): void {
    this.asking.set(key, id);
    const forget = (): void => {
      if (this.asking.get(key) === id) this.asking.delete(key);
    };
    ended.then(forget, forget);
  }

  /** Waits for another execution. One that does not succeed answers nobody else: each then asks for itself. */
  private async follow({ row, ended, claim }: Follower, { id, asked }: Joined): Promise<ExecutionEntity | null> {
    this.outcomes.acceptSoon(row);
    const gone = this.outcomes.within(row, ended).then((own) => ({ own }));
    const first = await Promise.race([gone, asked.then((other) => ({ other })).catch(() => ({ other: null }))]);
    if ('own' in first) {
      this.outcomes.hangUp(row.tenant, id);
      return first.own;
    }
    const { other } = first;
    if (other?.status !== 'succeeded' || other.outputs === null) return null;
    const { outputs, coercions, modelId } = other;
    return (await claim()) ?? this.outcomes.answerWith(row, { outputs, coercions, modelId });
  }
}

interface Joined {
  readonly id: string;
  readonly asked: Promise<ExecutionEntity>;
}

interface Follower {
  readonly row: ExecutionEntity;
  readonly ended: Promise<ExecutionEntity>;
  readonly claim: () => Promise<ExecutionEntity | null>;
}
