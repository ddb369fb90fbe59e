import { Injectable } from '@nestjs/common';
import { jobFilter, optimizationDurable, optimizationJobFilter, STREAMS, workerDurable } from '@dspy-nest/contracts';
import { ServiceUnavailableError } from '@dspy-nest/platform';
import { JetStreamApiCodes, JetStreamApiError, type StoredMsg } from '@nats-io/jetstream';
import { Nats } from './nats';
import { storeOnce } from './store-once';
import {
  EVENTS_STREAM,
  JOBS_STREAM,
  OPTIMIZATIONS_STREAM,
  PAYLOADS_STREAM,
  TOKENS_STREAM,
  workerConsumer,
} from './streams';

/** Codes of the JetStream API that its client does not name. */
const STREAM_NAME_IN_USE = 10_058;
const CONSUMER_EXISTS = 10_148;

/** The work queue of the Python workers, one subject a job. */
@Injectable()
export class JobQueue {
  constructor(private readonly nats: Nats) {}

  /** Makes or mends the streams of jobs, events, tokens and large messages; harmless from many replicas at once. Throws ServiceUnavailableError. */
  async declareStreams(): Promise<void> {
    for (const definition of [JOBS_STREAM, OPTIMIZATIONS_STREAM, EVENTS_STREAM, PAYLOADS_STREAM, TOKENS_STREAM]) {
      try {
        await this.nats.manager.streams.add(definition).catch(async (error: unknown) => {
          if (!isApiError(error, STREAM_NAME_IN_USE)) throw error;
          await this.nats.manager.streams.update(definition.name, definition);
        });
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : 'unknown';
        const remedy =
          'Give JetStream at least 2.5 GiB of max_file_store, 64 MiB of max_memory_store and the user the right to manage streams.';
        throw new ServiceUnavailableError(`NATS refuses the stream ${definition.name}: ${reason}. ${remedy}`, {
          cause,
        });
      }
    }
  }

  /** Makes or mends the consumer that the workers of a pool and lane share. */
  async declareWorkerConsumer(pool: string, lane: string): Promise<void> {
    await this.declareConsumer(STREAMS.jobs, workerDurable(pool, lane), jobFilter(pool, lane));
  }

  /** Makes or mends the consumer from which the workers of a pool take optimisations. */
  async declareOptimizationConsumer(pool: string): Promise<void> {
    await this.declareConsumer(STREAMS.optimizations, optimizationDurable(pool), optimizationJobFilter(pool));
  }

  private async declareConsumer(stream: string, durable: string, filter: string): Promise<void> {
    const definition = workerConsumer(durable, filter);
    try {
      await this.nats.manager.consumers.add(stream, definition).catch(async (error: unknown) => {
        if (!isApiError(error, CONSUMER_EXISTS)) throw error;
        await this.nats.manager.consumers.update(stream, durable, definition);
      });
    } catch (cause) {
      throw new ServiceUnavailableError(`NATS refuses the consumer ${durable}.`, { cause });
    }
  }

  /** Stores a job, the JSON of a CloudEvent; the same message id within two minutes is stored once. Throws ServiceUnavailableError, also when the queue is full. */
  async publish(subject: string, messageId: string, job: string): Promise<void> {
    try {
      await storeOnce(this.nats, subject, messageId, job);
    } catch (cause) {
      throw new ServiceUnavailableError('The job queue is full or not there; try again later.', { cause });
    }
  }

  /** Whether a job waits or is being worked on. */
  async has(subject: string): Promise<boolean> {
    return (await this.find(subject)) !== null;
  }

  /** Takes a job out; harmless when it is gone. */
  async remove(subject: string): Promise<void> {
    const job = await this.find(subject);
    if (job === null) return;
    await this.nats.manager.streams.deleteMessage(STREAMS.jobs, job.seq, false).catch((error: unknown) => {
      // Acknowledged in between: what was wanted has happened.
      if (!(error instanceof JetStreamApiError)) throw error;
    });
  }

  /** Jobs of a pool and lane that wait or are being worked on. */
  async depth(pool: string, lane: string): Promise<number> {
    try {
      const info = await this.nats.manager.consumers.info(STREAMS.jobs, workerDurable(pool, lane));
      return info.num_pending + info.num_ack_pending;
    } catch (error) {
      if (isApiError(error, JetStreamApiCodes.ConsumerNotFound)) return 0;
      throw error;
    }
  }

  private find(subject: string): Promise<StoredMsg | null> {
    return this.nats.manager.streams.getMessage(STREAMS.jobs, { last_by_subj: subject });
  }
}

function isApiError(error: unknown, code: number): boolean {
  return error instanceof JetStreamApiError && error.code === code;
}
