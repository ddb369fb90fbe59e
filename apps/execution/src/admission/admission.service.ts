import type { LaneName, WorkerHeartbeatV1 } from '@dspy-nest/contracts';
import { NO_WORKER_PATIENCE_MS, SIGNALS } from '@dspy-nest/contracts';
import { SignalBus } from '@dspy-nest/messaging';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { LOCAL_RUNS_MAX, LocalRuns } from '../adapters/local-runs/local-runs.service';
import { DEFAULT_POOL } from '../dispatch/replica';
import { CONFIG, type ExecutionConfig } from '../execution.config';
import type { ExecutionEntity } from '../executions/execution.entity';
import { WorkersService } from '../workers/workers.service';
import { NoWorkerError, OverloadedError, ProgramBusyError } from './admission.errors';
import { type Decision, admit, waitingBefore } from './admit';
import { ProgramSlots } from './program-slots';
import { QueueLoad } from './queue-load';
import { ServiceRate } from './service-rate';

/** What admission knows and did, for metrics. */
export interface AdmissionFigures {
  /** Executions that must end before a new one in the lane can begin. */
  readonly waiting: Readonly<Record<LaneName, number>>;
  /** Executions that the fleet ends in a second when it is busy; 0 without a fleet. */
  readonly ratePerS: number;
  /** Executions refused by this replica, by error code. */
  readonly refused: Readonly<Record<RefusalCode, number>>;
}

export type RefusalCode = 'no_worker' | 'overloaded' | 'too_many_requests';

/** Decides which executions are let in, so that those that are succeed also when more are asked for than the fleet can do. */
@Injectable()
export class AdmissionService implements OnModuleInit {
  private readonly rate = new ServiceRate();
  private readonly refused: Record<RefusalCode, number> = { no_worker: 0, overloaded: 0, too_many_requests: 0 };

  constructor(
    private readonly workers: WorkersService,
    private readonly load: QueueLoad,
    private readonly slots: ProgramSlots,
    private readonly signals: SignalBus,
    private readonly local: LocalRuns,
    @Inject(CONFIG) private readonly config: ExecutionConfig,
  ) {}

  onModuleInit(): void {
    this.signals.subscribe<WorkerHeartbeatV1>(SIGNALS.workerHeartbeat, (heartbeat) => {
      if (heartbeat.pool === DEFAULT_POOL) this.rate.observe(heartbeat, performance.now());
    });
  }

  /**
   * Lets an execution in; it counts until {@link leave}. Rejects with NoWorkerError, OverloadedError, or ProgramBusyError when
   * `maxConcurrency` executions of its program are open.
   */
  async admit(row: ExecutionEntity, maxConcurrency: number | undefined): Promise<void> {
    if (!this.local.includes(row)) await this.admitToFleet(row);
    else if (this.local.room === 0) throw this.refuse(replicaIsFull(row));
    if (maxConcurrency === undefined || (await this.slots.acquire(row, maxConcurrency))) return;
    this.leaveFleet(row);
    throw this.refuse(new ProgramBusyError(row.program, maxConcurrency));
  }

  /** Whether executions that may do without a worker run natively now: none takes work, and there is room for another. */
  async isFallbackDue(): Promise<boolean> {
    return this.local.room > 0 && !(await this.workers.willBeServed(DEFAULT_POOL));
  }

  /** Says that an admitted execution has ended, or was given up before it was dispatched. */
  leave(row: ExecutionEntity): void {
    this.leaveFleet(row);
    this.slots.release(row.id);
  }

  /** Says that an execution has ended at another replica. */
  endedElsewhere(id: string): void {
    this.slots.release(id);
  }

  figures(): AdmissionFigures {
    const slots = this.workers.slots(DEFAULT_POOL);
    const backlog = this.load.backlog();
    const before = (lane: LaneName): number => waitingBefore(lane, backlog, slots);
    const waiting = { interactive: before('interactive'), batch: before('batch') };
    return { waiting, ratePerS: this.rate.perSlot() * slots, refused: { ...this.refused } };
  }

  private async admitToFleet(row: ExecutionEntity): Promise<void> {
    const wait = row.deadlineAt !== null;
    if (wait && !(await this.isServed())) throw this.refuse(new NoWorkerError(DEFAULT_POOL));
    const decision = this.decide(row, wait);
    if (!decision.admitted) throw this.refuse(overloaded(row, wait, decision));
    this.load.joined(row.lane);
  }

  private leaveFleet(row: ExecutionEntity): void {
    if (!this.local.includes(row)) this.load.left(row.lane);
  }

  private decide({ lane, timeoutMs }: ExecutionEntity, wait: boolean): Decision {
    const slots = this.workers.slots(DEFAULT_POOL);
    const waiting = waitingBefore(lane, this.load.backlog(), slots);
    const ratePerS = this.rate.perSlot() * slots;
    return admit({ wait, timeoutMs, waiting, ratePerS, maxQueued: this.config.DSPY_NEST_MAX_QUEUED });
  }

  private async isServed(): Promise<boolean> {
    if (this.workers.isServed(DEFAULT_POOL)) return true;
    return this.workers.waitUntilServed(DEFAULT_POOL, NO_WORKER_PATIENCE_MS);
  }

  private refuse<Refusal extends { readonly code: RefusalCode }>(error: Refusal): Refusal {
    this.refused[error.code] += 1;
    return error;
  }
}

function replicaIsFull({ lane }: ExecutionEntity): OverloadedError {
  const message = `This replica runs ${LOCAL_RUNS_MAX} executions itself, which is as many as it may. Try again in 1 s.`;
  return new OverloadedError(message, { retryAfterS: 1, lane });
}

function overloaded(row: ExecutionEntity, wait: boolean, refusal: Decision & { admitted: false }): OverloadedError {
  const { expectedWaitMs, retryAfterS } = refusal;
  if (!wait) {
    return new OverloadedError(`As many executions wait in lane "${row.lane}" as may. Try again in ${retryAfterS} s.`, {
      retryAfterS,
      lane: row.lane,
    });
  }
  const message =
    `The fleet is busy: this execution would wait for about ${Math.round(expectedWaitMs / 1_000)} s, which is more than half ` +
    `of its timeoutMs (${row.timeoutMs}). Try again in ${retryAfterS} s, or send "Prefer: respond-async".`;
  return new OverloadedError(message, { retryAfterS, expectedWaitMs: Math.round(expectedWaitMs) });
}
