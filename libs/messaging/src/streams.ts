import { PAYLOAD_CHUNK_BYTES, STORED_TOKENS, STREAM_SUBJECTS, STREAMS } from '@dspy-nest/contracts';
import {
  AckPolicy,
  DiscardPolicy,
  RetentionPolicy,
  StorageType,
  type ConsumerConfig,
  type StreamConfig,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';

const MIB = 1_048_576;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const ACK_WAIT_MS = 5_000;
const MAX_ACK_PENDING = 10_000;

type Definition<T> = Partial<T> & { name: string };

/** The work queue; full means refused, never silently dropped. */
export const JOBS_STREAM: Definition<StreamConfig> = {
  name: STREAMS.jobs,
  subjects: [STREAM_SUBJECTS.jobs],
  retention: RetentionPolicy.Workqueue,
  storage: StorageType.File,
  discard: DiscardPolicy.New,
  max_msgs: 1_000_000,
  max_bytes: 1_024 * MIB,
  max_msg_size: MIB,
  max_age: nanos(7 * DAY_MS),
  duplicate_window: nanos(2 * MINUTE_MS),
};

/** The queue of optimisations: long work, of which each worker holds at most one. */
export const OPTIMIZATIONS_STREAM: Definition<StreamConfig> = {
  ...JOBS_STREAM,
  name: STREAMS.optimizations,
  subjects: [STREAM_SUBJECTS.optimizations],
  max_msgs: 10_000,
  max_bytes: 16 * MIB,
};

/** The public events of the last week; the oldest make room. */
export const EVENTS_STREAM: Definition<StreamConfig> = {
  name: STREAMS.events,
  subjects: [STREAM_SUBJECTS.events],
  retention: RetentionPolicy.Limits,
  storage: StorageType.File,
  discard: DiscardPolicy.Old,
  max_msgs: 5_000_000,
  max_bytes: 512 * MIB,
  max_msg_size: MIB,
  max_age: nanos(7 * DAY_MS),
  duplicate_window: nanos(2 * MINUTE_MS),
  allow_direct: true,
};

/** Large requests and replies while they are under way; full means refused. What was left twice is there once. */
export const PAYLOADS_STREAM: Definition<StreamConfig> = {
  name: STREAMS.payloads,
  subjects: [STREAM_SUBJECTS.payloads],
  retention: RetentionPolicy.Limits,
  storage: StorageType.File,
  discard: DiscardPolicy.New,
  max_msgs: 100_000,
  max_bytes: 1_024 * MIB,
  max_msg_size: PAYLOAD_CHUNK_BYTES,
  max_age: nanos(10 * MINUTE_MS),
  duplicate_window: nanos(2 * MINUTE_MS),
  allow_direct: true,
};

/** What workers told in the last ten minutes while they ran; the oldest make room. Sent again once it is stored. */
export const TOKENS_STREAM: Definition<StreamConfig> = {
  name: STREAMS.tokens,
  subjects: [STREAM_SUBJECTS.tokens],
  retention: RetentionPolicy.Limits,
  storage: StorageType.Memory,
  discard: DiscardPolicy.Old,
  max_msgs: 500_000,
  max_bytes: 64 * MIB,
  max_msg_size: MIB,
  max_age: nanos(10 * MINUTE_MS),
  allow_direct: true,
  republish: STORED_TOKENS,
};

/** The consumer that all workers of a pool and lane pull from; the worker itself ends a job that keeps coming back. */
export function workerConsumer(durable: string, filter: string): Partial<ConsumerConfig> {
  return {
    durable_name: durable,
    filter_subject: filter,
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(ACK_WAIT_MS),
    max_deliver: -1,
    max_ack_pending: MAX_ACK_PENDING,
  };
}
