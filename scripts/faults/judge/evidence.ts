import { type CloudEvent, eventFilter, type JsonObject, STREAMS } from '@dspy-nest/contracts';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { Client } from 'pg';
import type { EndEvent, Evidence, StoredExecution } from './judge';

const FETCH_MS = 5_000;
const FETCH_MESSAGES = 2_000;
const CONNECT_MS = 15_000;
const END_VERBS = ['succeeded', 'failed', 'cancelled', 'timed-out'];

interface Row {
  readonly id: string;
  readonly inputs: { readonly nonce?: string };
  readonly status: StoredExecution['status'];
  readonly outputs: JsonObject | null;
  readonly error: { readonly code: string } | null;
  readonly attempt: number;
}

/** How much is still under way, over all programs. */
export interface Unfinished {
  readonly open: number;
  readonly jobs: number;
  readonly outbox: number;
}

/** An event, and the verb of the subject that it was published on. */
export interface Published<T> {
  readonly event: CloudEvent<T>;
  readonly verb: string;
}

/** Reads what the servers hold, past the services: these may all agree on something that is not so. */
export class EvidenceReader {
  private readonly databaseUrl: string;
  private readonly nats: NatsConnection;

  constructor(databaseUrl: string, nats: NatsConnection) {
    this.databaseUrl = databaseUrl;
    this.nats = nats;
  }

  /** What is stored of one program's executions, and what was published of them. */
  async read(program: string): Promise<Evidence> {
    const rows = await this.query<Row>(
      'SELECT id, inputs, status, outputs, error, attempt FROM execution.executions WHERE program = $1',
      [program],
    );
    const executions = rows.map(toStored);
    const ids = new Set(executions.map(({ id }) => id));
    const events = (await this.endEvents()).filter(({ executionId }) => ids.has(executionId));
    const { jobs, outbox } = await this.unfinished();
    return { executions, events, jobsLeft: jobs, eventsUnpublished: outbox };
  }

  /** How much is still under way; rejects while a server is away. */
  async unfinished(): Promise<Unfinished> {
    const [counts] = await this.query<{ open: number; outbox: number }>(
      `SELECT (SELECT count(*)::int FROM execution.executions WHERE status IN ('queued', 'running')) AS open,
        (SELECT count(*)::int FROM execution.outbox) AS outbox`,
      [],
    );
    const manager = await jetstreamManager(this.nats);
    const { state } = await manager.streams.info(STREAMS.jobs);
    return { open: counts?.open ?? 0, outbox: counts?.outbox ?? 0, jobs: state.messages };
  }

  /** What services have published on subjects of the stream of events, oldest first. */
  async published<T>(filter: string): Promise<Published<T>[]> {
    const consumer = await jetstream(this.nats).consumers.get(STREAMS.events, { filter_subjects: filter });
    const published: Published<T>[] = [];
    let { num_pending: pending } = await consumer.info();
    while (pending > 0) {
      const batch = await consumer.fetch({ max_messages: Math.min(pending, FETCH_MESSAGES), expires: FETCH_MS });
      for await (const message of batch) {
        published.push({ event: message.json<CloudEvent<T>>(), verb: message.subject.split('.').at(-2) ?? '' });
        pending = message.info.pending;
      }
    }
    return published;
  }

  private async endEvents(): Promise<EndEvent[]> {
    const published = await this.published<{ id: string; status: string }>(eventFilter('execution', 'execution'));
    return published
      .filter(({ verb }) => END_VERBS.includes(verb))
      .map(({ event }) => ({ eventId: event.id, executionId: event.data.id, status: event.data.status }));
  }

  /** Asks the database something on a connection of its own. */
  async query<T extends object>(statement: string, parameters: unknown[]): Promise<T[]> {
    const client = new Client({ connectionString: this.databaseUrl, connectionTimeoutMillis: CONNECT_MS });
    client.on('error', () => undefined);
    await client.connect();
    try {
      const { rows } = await client.query<T>(statement, parameters);
      return rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

function toStored({ id, inputs, status, outputs, error, attempt }: Row): StoredExecution {
  return { id, key: inputs.nonce ?? '', status, outputs, errorCode: error?.code ?? null, attempt };
}
