import { cloudEvent } from '@dspy-nest/platform';
import { eventSubject, REQUESTS, type PageRequest, type ProgramInterfaceV1 } from '@dspy-nest/contracts';
import { connect, type Msg, type NatsConnection } from '@nats-io/transport-node';

/** Answers what a registry is asked of its programs, and tells of changes. */
export class ScriptedRegistry {
  readonly programs = new Map<string, ProgramInterfaceV1>();
  readonly asked: PageRequest[] = [];
  /** Whether it answers with an error. */
  isBroken = false;

  private constructor(private readonly connection: NatsConnection) {}

  static async start(natsUrl: string): Promise<ScriptedRegistry> {
    const { host, username, password } = new URL(natsUrl);
    const registry = new ScriptedRegistry(await connect({ servers: host, user: username, pass: password }));
    registry.connection.subscribe(REQUESTS.programInterfaces, {
      callback: (_error, message) => registry.answer(message),
    });
    await registry.connection.flush();
    return registry;
  }

  /** Publishes a program, and tells of it. */
  async publish(program: ProgramInterfaceV1): Promise<void> {
    this.programs.set(program.programId, program);
    await this.tell('updated', program);
  }

  /** Deletes a program, and tells of it. */
  async delete(program: ProgramInterfaceV1): Promise<void> {
    this.programs.delete(program.programId);
    await this.tell('deleted', program);
  }

  async stop(): Promise<void> {
    await this.connection.close();
  }

  private async tell(verb: string, { programId: id, name, version }: ProgramInterfaceV1): Promise<void> {
    const event = cloudEvent({ tenant: 'default' }, { source: 'registry', type: verb, data: { id, name, version } });
    this.connection.publish(eventSubject('default', 'registry', 'program', verb), JSON.stringify(event));
    await this.connection.flush();
  }

  private answer(message: Msg): void {
    const request = message.json<PageRequest>();
    this.asked.push(request);
    if (this.isBroken) {
      const error = { code: 'service_unavailable', message: 'Away.', retryable: true, details: {} };
      message.respond(JSON.stringify({ ok: false, error }));
      return;
    }
    const { in: ids } = (request.filter?.['id'] ?? {}) as { in?: string[] };
    const all = [...this.programs.values()].filter(({ programId }) => ids?.includes(programId) ?? true);
    const [begin, limit] = [Number(request.cursor ?? 0), request.limit ?? all.length];
    const items = all.slice(begin, begin + limit);
    const nextCursor = begin + limit < all.length ? String(begin + limit) : null;
    message.respond(JSON.stringify({ ok: true, data: { items, nextCursor } }));
  }
}
