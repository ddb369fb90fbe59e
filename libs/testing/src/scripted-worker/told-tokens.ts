import { STREAMS, tokenSubject, type StreamedEventsV1, type StreamedEventV1 } from '@dspy-nest/contracts';
import { jetstream, jetstreamManager, type JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

const STARTED = 2;
const NOTHING_LEFT = /wrong last sequence: 0$/;

/** What one worker tells of one execution, with the numbers that a real one would give. */
export class ToldTokens {
  /** The number of the last event that was told. */
  lastSequence: number;
  private readonly stream: JetStreamClient;
  private readonly subject: string;
  private position: number;

  private constructor(stream: JetStreamClient, subject: string, lastSequence: number, position: number) {
    this.stream = stream;
    this.subject = subject;
    this.lastSequence = lastSequence;
    this.position = position;
  }

  /** Begins after what was told before; a later attempt says that it begins anew. */
  static async begin(connection: NatsConnection, tenant: string, id: string, attempt = 1): Promise<ToldTokens> {
    const subject = tokenSubject(tenant, id);
    const manager = await jetstreamManager(connection);
    const last = await manager.direct.getMessage(STREAMS.tokens, { last_by_subj: subject });
    const { first, events } = last?.json<StreamedEventsV1>() ?? { first: STARTED + 1, events: [] };
    const told = new ToldTokens(jetstream(connection), subject, first + events.length - 1, last?.seq ?? 0);
    if (attempt > 1) await told.tell({ type: 'restarted', attempt });
    return told;
  }

  /** Stores events as one message; rejects when another worker, or whoever ended the execution, was first. */
  async tell(...events: StreamedEventV1[]): Promise<void> {
    const message = JSON.stringify({ first: this.lastSequence + 1, events } satisfies StreamedEventsV1);
    this.position = await this.store(message, this.position).catch((error: unknown) => {
      // Nothing of the execution is stored any more: it made room, or was kept long enough.
      if (error instanceof Error && NOTHING_LEFT.test(error.message)) return this.store(message, 0);
      throw error;
    });
    this.lastSequence += events.length;
  }

  private async store(message: string, position: number): Promise<number> {
    const { seq } = await this.stream.publish(this.subject, message, { expect: { lastSubjectSequence: position } });
    return seq;
  }

  /** Stores pieces of the text of a field, each as a message of its own. */
  async say(field: string, ...deltas: string[]): Promise<void> {
    for (const delta of deltas) await this.tell({ type: 'token', field, delta });
  }
}
