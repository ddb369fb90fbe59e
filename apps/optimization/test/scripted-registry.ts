import { REQUESTS, type ExamplesListV1, type ExampleV1 } from '@dspy-nest/contracts';
import { bodyOf, messageOf, programVersion, signatureSpec } from '@dspy-nest/testing';
import { connect, type Msg, type NatsConnection } from '@nats-io/transport-node';

const SPLITS = ['train', 'validation', 'test'] as const;
const ID = '01930000-0000-7000-8000-000000000001';

/** Answers as the registry would: a program `route`, its model, and a dataset `tickets` of which each third example is of a split. */
export class ScriptedRegistry {
  /** What was asked of the dataset's examples. */
  readonly asked: ExamplesListV1[] = [];
  readonly candidates: object[] = [];
  readonly published: object[] = [];
  /** Answers nothing about examples while true. */
  isAway = false;
  readonly program = programVersion({
    name: 'route',
    signature: signatureSpec('ticket: string -> team: string, why: string', { name: 'Route' }),
  });
  readonly examples: ExampleV1[] = Array.from({ length: 900 }, (_, index) => ({
    id: String(index).padStart(64, '0'),
    number: index + 1,
    addedIn: 2,
    split: SPLITS[index % SPLITS.length]!,
    inputs: { ticket: `ticket ${index}` },
    outputs: { team: 'billing' },
  }));

  private constructor(private readonly connection: NatsConnection) {}

  static async connect(natsUrl: string): Promise<ScriptedRegistry> {
    const { host, username, password } = new URL(natsUrl);
    const login = password === '' ? {} : { user: username, pass: password };
    const registry = new ScriptedRegistry(await connect({ servers: host, ...login }));
    const counts = { total: 900, train: 300, validation: 300, test: 300 };
    const fields = { inputs: ['ticket'], outputs: ['team', 'why'] };
    registry.on(REQUESTS.programResolve, ({ version = 1 }) => ({ ...registry.program, version }));
    registry.on(REQUESTS.programCandidateAdd, (message) => registry.keep(registry.candidates, message, 2));
    registry.on(REQUESTS.programPublish, (message) => registry.keep(registry.published, message, 2));
    registry.on(REQUESTS.modelGet, () => ({ id: ID, name: 'default', version: 3, format: 'json' }));
    registry.on(REQUESTS.datasetGet, () => ({ id: ID, name: 'tickets', version: 2, fields, examples: counts }));
    registry.on(REQUESTS.datasetExamples, (message) => registry.page(message as unknown as ExamplesListV1));
    await registry.connection.flush();
    return registry;
  }

  async stop(): Promise<void> {
    await this.connection.close();
  }

  private keep(kept: object[], message: object, version: number): object {
    kept.push(message);
    return { version };
  }

  private page(request: ExamplesListV1): object {
    this.asked.push(request);
    const { split, after = 0, limit = 50 } = request;
    const left = this.examples.filter((example) => example.number > after && example.split === split);
    const items = left.slice(0, limit);
    return { items, nextAfter: left.length > limit ? items.at(-1)!.number : null };
  }

  private on(subject: string, answer: (message: Record<string, unknown>) => unknown): void {
    const callback = (_error: unknown, msg: Msg): void => void this.reply(msg, answer);
    this.connection.subscribe(subject, { callback });
  }

  private async reply(msg: Msg, answer: (message: Record<string, unknown>) => unknown): Promise<void> {
    const message = await bodyOf<Record<string, unknown>>(this.connection, msg);
    const error = { code: 'service_unavailable', message: 'Away.', retryable: true, details: {} };
    const reply =
      this.isAway && msg.subject === REQUESTS.datasetExamples
        ? { ok: false, error }
        : { ok: true, data: answer(message) };
    const { body, headers } = await messageOf(this.connection, JSON.stringify(reply));
    msg.respond(body, { headers });
  }
}
