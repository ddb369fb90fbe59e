import { randomUUID } from 'node:crypto';
import { eventSubject, REQUESTS, SIGNALS, type ExecutionV1 } from '@dspy-nest/contracts';
import { cloudEvent, EventBus, JobQueue, Nats, SignalBus } from '@dspy-nest/messaging';
import { EXECUTION_EXAMPLE } from '../src/docs/examples';
import { ScriptedError, type ScriptedServices } from './scripted-services';

/** Executions as the execution service keeps and tells of them, moved by a test. */
export class MovingExecutions {
  private readonly executions = new Map<string, ExecutionV1>();

  private constructor(
    private readonly nats: Nats,
    private readonly bus: EventBus,
    private readonly signals: SignalBus,
  ) {}

  static async start(natsUrl: string, services: ScriptedServices): Promise<MovingExecutions> {
    const nats = await Nats.connect(natsUrl, 'execution');
    await new JobQueue(nats).declareStreams();
    const moving = new MovingExecutions(nats, new EventBus(nats), new SignalBus(nats));
    await services.on(REQUESTS.executionGet, ({ message }) => moving.find(String(message['id'])));
    return moving;
  }

  /** Accepts an execution; gives its id. */
  accept(program = 'qa'): string {
    const id = randomUUID();
    const open = { status: 'queued', attempt: 0, outputs: null, finishedAt: null } as const;
    this.executions.set(id, { ...EXECUTION_EXAMPLE, ...open, id, program });
    return id;
  }

  /** A worker begins an attempt. */
  begin(id: string, attempt = 1): void {
    this.change(id, { status: 'running', attempt });
    this.signals.publish(SIGNALS.executionBegun, { tenant: 'default', executionId: id });
  }

  /** The execution ends, which is told of as an event. */
  async end(id: string, status: 'succeeded' | 'failed' = 'succeeded', tenant = 'default'): Promise<void> {
    const { attempt, program } = this.find(id);
    const outputs = status === 'succeeded' ? { answer: 'yes' } : null;
    this.change(id, { status, outputs, attempt: Math.max(1, attempt) });
    await this.tell(id, { program, status }, tenant);
  }

  /** Stores an event of the end of an execution. */
  async tell(id: string, data: { status: string; [member: string]: unknown }, tenant = 'default'): Promise<void> {
    const type = `execution.execution.${data.status}.v1`;
    const event = cloudEvent({ tenant }, { source: 'execution', type, subject: id, data });
    await this.bus.publish(eventSubject(tenant, 'execution', 'execution', data.status), event);
  }

  async stop(): Promise<void> {
    await this.nats.close();
  }

  private find(id: string): ExecutionV1 {
    const execution = this.executions.get(id);
    if (execution === undefined) throw new ScriptedError('execution_not_found');
    return execution;
  }

  private change(id: string, change: Partial<ExecutionV1>): void {
    this.executions.set(id, { ...this.find(id), ...change });
  }
}
