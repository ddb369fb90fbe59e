import { Coercion, OpenObject, Uuid } from '@dspy-nest/contracts';
import type { Logger } from '@dspy-nest/platform';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { ExecutionEntity } from '../executions/execution.entity';
import { LOGGER } from '../logger';
import { RedisConnection } from '../redis/redis-connection';

/** Characters of an answer as it is kept; a larger one is not kept. */
const MAX_CHARS = 262_144;

/** What is kept of an execution: its outputs, what was mended in them, and the model that they are of. */
const Answer = z.strictObject({ outputs: OpenObject, coercions: z.array(Coercion), modelId: Uuid });
export type Answer = z.infer<typeof Answer>;

/** Answers by their question, in Redis, shared by all replicas. Without Redis there are none: models are asked. */
@Injectable()
export class AnswerCache {
  private isAway = false;

  constructor(
    private readonly redis: RedisConnection,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** The answer to a question that was answered before; null when it is not known, or not any more. */
  async get(key: string): Promise<Answer | null> {
    try {
      const text = await this.redis.client.get(nameOf(key));
      this.isAway = false;
      if (text === null) return null;
      // What another version of the platform wrote may look otherwise.
      return Answer.safeParse(JSON.parse(text)).data ?? null;
    } catch (error) {
      this.complain(error);
      return null;
    }
  }

  /** Keeps how an execution was answered by a model, if its caller wanted that. */
  keep({ status, cached, cacheKey, cacheTtlS, outputs, coercions, modelId }: ExecutionEntity): void {
    if (status !== 'succeeded' || outputs === null || cached || cacheKey === null || cacheTtlS === null) return;
    const text = JSON.stringify({ outputs, coercions, modelId } satisfies Answer);
    if (text.length > MAX_CHARS) return;
    this.redis.client.set(nameOf(cacheKey), text, 'EX', cacheTtlS).catch((error: unknown) => this.complain(error));
  }

  private complain(error: unknown): void {
    if (this.isAway) return;
    this.isAway = true;
    this.logger.warn({ err: error }, 'Redis does not answer: models are asked again for answers that were kept.');
  }
}

const nameOf = (key: string): string => `dspy-nest:answers:${key}`;
