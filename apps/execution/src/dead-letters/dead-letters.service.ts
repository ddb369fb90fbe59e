import { createHash } from 'node:crypto';
import type { DeadLetterReplayV1, DeadLetterV1, ExecutionV1, PageRequest, UnreadableJobV1 } from '@dspy-nest/contracts';
import type { ListPage } from '@dspy-nest/persistence';
import type { RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { type ExecutionEntity, toExecution } from '../executions/execution.entity';
import { ExecutionNotFoundError } from '../executions/executions.errors';
import { ExecutionsRepository } from '../executions/executions.repository';
import { ExecutionsService } from '../executions/executions.service';
import { ExecutionMetrics } from '../telemetry/execution-metrics';
import { type DeadLetterEntity, toDeadLetter } from './dead-letter.entity';
import { DeadLetterNotFoundError, NothingToReplayError } from './dead-letters.errors';
import { DeadLettersRepository } from './dead-letters.repository';

const UNREADABLE = 'job_unreadable';

/** Jobs that the fleet gave up: they are kept, looked at and, if somebody wants, run again. */
@Injectable()
export class DeadLettersService {
  constructor(
    private readonly letters: DeadLettersRepository,
    private readonly executions: ExecutionsService,
    private readonly stored: ExecutionsRepository,
    private readonly metrics: ExecutionMetrics,
  ) {}

  /** One dead letter. Rejects with {@link DeadLetterNotFoundError}. */
  async get(ctx: RequestContext, id: string): Promise<DeadLetterV1> {
    return toDeadLetter(await this.letter(ctx, id));
  }

  /** A page of dead letters. */
  async list(ctx: RequestContext, request: PageRequest): Promise<ListPage<DeadLetterV1>> {
    const page = await this.letters.list(ctx, request);
    return { ...page, items: page.items.map(toDeadLetter) };
  }

  /**
   * Asks for what the dead letter's execution asked for, once: asked again it names the same execution. Rejects with
   * {@link DeadLetterNotFoundError}, {@link NothingToReplayError}, and as an execution that is asked for does.
   */
  async replay(ctx: RequestContext, { id, executionId }: DeadLetterReplayV1): Promise<ExecutionV1> {
    const letter = await this.letter(ctx, id);
    if (letter.executionId === null) throw new NothingToReplayError(id);
    const original = await this.stored.find(ctx.tenant, letter.executionId);
    if (original === null) throw new ExecutionNotFoundError(letter.executionId);
    if (await this.letters.claimReplay(letter, executionId, new Date()))
      return this.run(ctx, letter, original, executionId);
    const claimed = (await this.letter(ctx, id)).replayedAs ?? executionId;
    const made = await this.stored.find(ctx.tenant, claimed);
    return made === null ? this.run(ctx, letter, original, claimed) : toExecution(made);
  }

  /** Keeps a message of the work queue that is no job; told again it is the same dead letter. Resolves to its id. */
  async keepUnreadable(ctx: RequestContext, { subject, problem, worker }: UnreadableJobV1): Promise<{ id: string }> {
    const id = idOf(ctx.tenant, subject, problem);
    const isNew = await this.letters.add({
      tenant: ctx.tenant,
      id,
      executionId: null,
      program: null,
      subject: storable(subject),
      code: UNREADABLE,
      message: storable(problem),
      attempts: 0,
      worker: storable(worker),
      createdAt: new Date(),
      replayedAs: null,
      replayedAt: null,
    });
    if (isNew) this.metrics.gaveUp(UNREADABLE);
    return { id };
  }

  private async letter(ctx: RequestContext, id: string): Promise<DeadLetterEntity> {
    const row = await this.letters.find(ctx.tenant, id);
    if (row === null) throw new DeadLetterNotFoundError(id);
    return row;
  }

  /** A refused execution leaves the letter as it was: it can be replayed when what refused it is mended. */
  private async run(
    ctx: RequestContext,
    letter: DeadLetterEntity,
    original: ExecutionEntity,
    id: string,
  ): Promise<ExecutionV1> {
    const { programId, version, inputs, model, format, timeoutMs, limits, maxRetries, lane } = original;
    const plan = { version, model, format, timeoutMs, limits, maxRetries, lane };
    // A replay is one by its letter; the caller's key stands for no execution of its own.
    const { idempotencyKey: _, ...unkeyed } = ctx;
    try {
      return await this.executions.create(unkeyed, { id, program: programId, inputs, ...plan, wait: false });
    } catch (error) {
      await this.letters.releaseReplay(letter, id);
      throw error;
    }
  }
}

/** A UUID (version 8) that is the same for the same report, so that a report that is sent again is one letter. */
function idOf(...parts: string[]): string {
  const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** What was no job may be any bytes: as text that Postgres can hold. */
const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');
