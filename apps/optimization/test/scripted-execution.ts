import {
  REQUESTS,
  type BatchAppendV1,
  type BatchCreateV1,
  type BatchResultsGetV1,
  type BatchResultV1,
  type BatchStatus,
  type DatasetV1,
  type ExamplesListV1,
  type ExampleV1,
  type JsonObject,
} from '@dspy-nest/contracts';
import { bodyOf, messageOf, programVersion, signatureSpec } from '@dspy-nest/testing';
import { connect, type Msg, type NatsConnection } from '@nats-io/transport-node';

interface ScriptedBatch {
  readonly version: number | undefined;
  readonly rows: (JsonObject | null)[];
  status: BatchStatus;
}

const NOT_RUN = {
  id: null,
  status: 'failed',
  usage: { promptTokens: null, completionTokens: null, costUsd: null },
  totalMs: null,
} as const;

/** How the execution of a row by a version ends; undefined while it has not. */
export type Outcome = (inputs: JsonObject, index: number, version?: number) => Partial<BatchResultV1> | undefined;

const USAGE = { promptTokens: 10, completionTokens: 2, costUsd: 0.001 };

/** A dataset of one version, all of whose examples are of one split. */
export interface ScriptedDataset {
  readonly fields: DatasetV1['fields'];
  readonly split: ExampleV1['split'];
  readonly examples: readonly ExampleV1[];
}

/** Answers as registry and execution would: a program `route`, a judge `fair`, datasets, and batches whose rows end as a function of a test says. */
export class ScriptedExecution {
  readonly batches = new Map<string, ScriptedBatch>();
  readonly datasets = new Map<string, ScriptedDataset>();
  /** How often a row was brought, whether or not it was there. */
  appends = 0;
  /** Answers nothing about batches while true. */
  isAway = false;
  outcome: Outcome = ({ ticket }) => ({ outputs: { team: ticket } });

  private constructor(private readonly connection: NatsConnection) {}

  /** Answers for the registry, too, unless somebody else does. */
  static async connect(natsUrl: string, { isRegistry = true } = {}): Promise<ScriptedExecution> {
    const { host, username, password } = new URL(natsUrl);
    const login = password === '' ? {} : { user: username, pass: password };
    const scripted = new ScriptedExecution(await connect({ servers: host, ...login }));
    const programs = [
      ['route', 'ticket: string -> team: string, why: string'],
      ['fair', 'reply: string, right: string -> score: int(min=1, max=5), why: string'],
    ].map(([name = '', definition]) => programVersion({ name, version: 3, signature: signatureSpec(definition) }));
    if (isRegistry) {
      scripted.on(REQUESTS.programResolve, ({ name }) =>
        programs.find((one) => [one.name, one.programId].includes(name as string)),
      );
      scripted.on(REQUESTS.datasetGet, ({ name }) => scripted.dataset(name as string));
      scripted.on(REQUESTS.datasetExamples, (message) => scripted.examples(message as unknown as ExamplesListV1));
    }
    scripted.on(REQUESTS.batchCreate, (message) => scripted.create(message as BatchCreateV1));
    scripted.on(REQUESTS.batchAppend, (message) => scripted.append(message as BatchAppendV1));
    scripted.on(REQUESTS.batchClose, ({ id }) => scripted.move(id as string, 'running'));
    scripted.on(REQUESTS.batchCancel, ({ id }) => scripted.move(id as string, 'cancelled'));
    scripted.on(REQUESTS.batchGet, ({ id }) => scripted.batch(id as string));
    scripted.on(REQUESTS.batchResults, (message) => scripted.results(message as unknown as BatchResultsGetV1));
    await scripted.connection.flush();
    return scripted;
  }

  async stop(): Promise<void> {
    await this.connection.close();
  }

  private dataset(name: string): object {
    const { fields, split, examples } = this.datasets.get(name)!;
    const counts = { train: 0, validation: 0, test: 0, [split]: examples.length, total: examples.length };
    return { id: name, name: 'tickets', version: 2, fields, examples: counts };
  }

  private examples({ name, split, after = 0, limit = 50 }: ExamplesListV1): object {
    const dataset = this.datasets.get(name)!;
    const all = split === undefined || split === dataset.split ? dataset.examples : [];
    const next = all.filter(({ number }) => number > after);
    const items = next.slice(0, limit);
    return { items, nextAfter: next.length > limit ? items.at(-1)!.number : null };
  }

  private create({ id, version }: BatchCreateV1): object {
    const batch = this.batches.get(id) ?? { version, rows: [], status: 'receiving' };
    this.batches.set(id, batch);
    return { id };
  }

  private append({ id, first, rows }: BatchAppendV1): object {
    const batch = this.batches.get(id)!;
    this.appends += rows.length;
    rows.forEach((row, offset) => (batch.rows[first + offset] ??= 'inputs' in row ? (row.inputs as JsonObject) : null));
    return { received: rows.length };
  }

  private move(id: string, status: BatchStatus): object {
    const batch = this.batches.get(id);
    if (batch?.status === 'receiving' || batch?.status === 'running') batch.status = status;
    return { id };
  }

  private batch(id: string): object {
    const { status, rows, version } = this.batches.get(id)!;
    const inFlight = rows.filter(
      (inputs, index) => inputs !== null && this.outcome(inputs, index, version) === undefined,
    ).length;
    const isOver = status === 'running' && inFlight === 0;
    return { id, status: isOver ? 'completed' : status, counts: { pending: 0, inFlight } };
  }

  private results({ id, after = -1, limit = 500 }: BatchResultsGetV1): object {
    const batch = this.batches.get(id)!;
    const items: BatchResultV1[] = [];
    for (let index = after + 1; index < batch.rows.length && items.length < limit; index += 1) {
      const inputs = batch.rows[index] ?? null;
      const ended = inputs === null ? NOT_RUN : this.outcome(inputs, index, batch.version);
      if (ended === undefined) break;
      const row = { index, id: executionId(index), status: 'succeeded', outputs: null, error: null } as const;
      items.push({ ...row, usage: USAGE, totalMs: index + 1, ...ended });
    }
    if (after + 1 + items.length === batch.rows.length && batch.status === 'running') batch.status = 'completed';
    return { items, more: false, status: batch.status };
  }

  private on(subject: string, answer: (message: Record<string, unknown>) => unknown): void {
    const callback = (_error: unknown, msg: Msg): void => void this.reply(msg, answer);
    this.connection.subscribe(subject, { callback });
  }

  private async reply(msg: Msg, answer: (message: Record<string, unknown>) => unknown): Promise<void> {
    const message = await bodyOf<Record<string, unknown>>(this.connection, msg);
    if (this.isAway && msg.subject.includes('.batch.')) return;
    const { body, headers } = await messageOf(this.connection, JSON.stringify({ ok: true, data: answer(message) }));
    msg.respond(body, { headers });
  }
}

const executionId = (index: number): string => `01930000-0000-7000-8000-${String(index).padStart(12, '0')}`;
