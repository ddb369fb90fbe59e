import type {
  CorrectionsV1,
  ExecutionV1,
  FeedbackCreateV1,
  FeedbackV1,
  JsonObject,
  PageRequest,
} from '@dspy-nest/contracts';
import { keyedRequest, type ListPage } from '@dspy-nest/persistence';
import { isUuid, type RequestContext, uuidv7 } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { ExecutionNotFoundError } from '../executions/executions.errors';
import { ExecutionsService } from '../executions/executions.service';
import { ProgramsClient } from '../programs/programs.client';
import { readContent, readCorrection } from './feedback-content';
import { type FeedbackEntity, toFeedback, toFeedbackCreated } from './feedback.entity';
import { FeedbackRepository } from './feedback.repository';

const toPage = (page: ListPage<FeedbackEntity>): ListPage<FeedbackV1> => ({
  ...page,
  items: page.items.map(toFeedback),
});

/** What people, judges and checks say of executions. */
@Injectable()
export class FeedbackService {
  constructor(
    private readonly executions: ExecutionsService,
    private readonly programs: ProgramsClient,
    private readonly feedback: FeedbackRepository,
  ) {}

  /**
   * Keeps a feedback; the same key is the same one. Rejects with ExecutionNotFoundError, ValidationFailedError that names what
   * is wrong, TooMuchFeedbackError, or, with a correction, when the version of the program is not there any more.
   */
  async create(ctx: RequestContext, given: FeedbackCreateV1): Promise<FeedbackV1> {
    const keyed = keyedRequest(ctx, 'feedback.create', given);
    const now = new Date();
    const first = keyed && (await this.feedback.first(keyed, now));
    if (first) return this.stored(ctx, first.subjectId);
    const { executionId } = given;
    const content = readContent(given);
    const execution = await this.execution(ctx, executionId);
    const correction = await this.correctionOf(ctx, execution, given.correction);
    const row = { tenant: ctx.tenant, id: uuidv7(), executionId, ...content, correction, createdAt: now };
    return this.stored(ctx, await this.feedback.add(row, toFeedbackCreated(row, execution), keyed));
  }

  /** A page of the feedback on an execution, newest first unless asked otherwise. Rejects with ExecutionNotFoundError. */
  async list(ctx: RequestContext, executionId: string, request: PageRequest): Promise<ListPage<FeedbackV1>> {
    await this.execution(ctx, executionId);
    return toPage(await this.feedback.list(ctx, executionId, request));
  }

  /** Such a page of each of executions that are there, by their ids. */
  async listOf(
    ctx: RequestContext,
    executionIds: readonly string[],
    request: PageRequest,
  ): Promise<Map<string, ListPage<FeedbackV1>>> {
    const pages = await this.feedback.listOf(ctx, executionIds, request);
    return new Map([...pages].map(([id, page]) => [id, toPage(page)]));
  }

  /** What executions should have answered by their newest correction; those without one are left out. */
  async corrections({ tenant }: RequestContext, executionIds: readonly string[]): Promise<CorrectionsV1> {
    return { items: await this.feedback.corrections(tenant, executionIds.filter(isUuid)) };
  }

  private async execution(ctx: RequestContext, id: string): Promise<ExecutionV1> {
    if (!isUuid(id)) throw new ExecutionNotFoundError(id);
    return this.executions.get(ctx, id);
  }

  private async correctionOf(
    ctx: RequestContext,
    { programId, version }: ExecutionV1,
    given: Record<string, unknown> | undefined,
  ): Promise<JsonObject | null> {
    if (given === undefined) return null;
    const { program } = await this.programs.resolve(ctx, programId, version);
    return readCorrection(program.signature, given);
  }

  private async stored({ tenant }: RequestContext, id: string): Promise<FeedbackV1> {
    const row = await this.feedback.find(tenant, id);
    if (row === null) throw new RangeError(`Feedback ${id} was written and is not there.`);
    return toFeedback(row);
  }
}
