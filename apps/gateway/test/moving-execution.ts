import { cloudEvent } from '@dspy-nest/platform';
import { randomUUID } from 'node:crypto';
import { eventSubject, REQUESTS, SIGNALS, type ExecutionV1 } from '@dspy-nest/contracts';
import { EventBus, JobQueue, Nats, SignalBus, TokenLog } from '@dspy-nest/messaging';
import { ToldTokens } from '@dspy-nest/testing';
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
  accept(program = 'qa', stream = false, id: string = randomUUID()): string {
    const open = { status: 'queued', attempt: 0, outputs: null, finishedAt: null } as const;
    this.executions.set(id, { ...EXECUTION_EXAMPLE, ...open, id, program, stream });
    return id;
  }

  /** A worker begins to tell what it does. */
  tokens(id: string, attempt = 1): Promise<ToldTokens> {
    return ToldTokens.begin(this.nats.connection, 'default', id, attempt);
  }

  /** Ends what is told of an execution, as the execution service does when it ends it itself. */
  shut(id: string): Promise<number | null> {
    return new TokenLog(this.nats).shut('default', id);
  }

  /** Tells that the acceptance of an execution is committed. */
  tellAccepted(id: string): void {
    this.signals.publish(SIGNALS.executionAccepted, { tenant: 'default', executionId: id });
  }

  /** A worker begins an attempt. */
  begin(id: string, attempt = 1): void {
    this.change(id, { status: 'running', attempt });
    this.signals.publish(SIGNALS.executionBegun, { tenant: 'default', executionId: id });
  }

  /** The execution ends, which is told of as an event. */
  async end(
    id: string,
    status: 'succeeded' | 'failed' = 'succeeded',
    tenant = 'default',
    lastSequence: number | null = null,
  ): Promise<ExecutionV1> {
    const { attempt, program } = this.find(id);
    const outputs = status === 'succeeded' ? { answer: 'yes' } : null;
    this.change(id, { status, outputs, attempt: Math.max(1, attempt), lastSequence });
    await this.tell(id, { program, status }, tenant);
    return this.find(id);
  }

  /** Stores an event of the end of an execution. */
  async tell(id: string, data: { status: string; [member: string]: unknown }, tenant = 'default'): Promise<void> {
    const type = `execution.execution.${data.status}.v1`;
    const event = cloudEvent({ tenant }, { source: 'execution', type, subject: id, data });
    await this.bus.publish(eventSubject(tenant, 'execution', 'execution', data.status), event);
  }

  /** Stores an event of an evaluation. */
  async tellEvaluation(id: string, verb: string): Promise<void> {
    const type = `optimization.evaluation.${verb}.v1`;
    const event = cloudEvent({ tenant: 'default' }, { source: 'optimization', type, subject: id, data: { id } });
    await this.bus.publish(eventSubject('default', 'optimization', 'evaluation', verb), event);
  }

  /** Stores an event of an optimisation. */
  async tellOptimization(id: string, verb: string): Promise<void> {
    const type = `optimization.optimization.${verb}.v1`;
    const event = cloudEvent({ tenant: 'default' }, { source: 'optimization', type, subject: id, data: { id } });
    await this.bus.publish(eventSubject('default', 'optimization', 'optimization', verb), event);
  }

  /** Stores an event of a batch. */
  async tellBatch(id: string, verb: string): Promise<void> {
    const type = `execution.batch.${verb}.v1`;
    const event = cloudEvent({ tenant: 'default' }, { source: 'execution', type, subject: id, data: { id } });
    await this.bus.publish(eventSubject('default', 'execution', 'batch', verb), event);
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
