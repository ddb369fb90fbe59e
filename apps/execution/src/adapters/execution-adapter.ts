import type {
  Ensemble,
  ErrorItem,
  ExecutionCreateV1,
  ExecutionV1,
  ModelV1,
  ProgramVersionV1,
} from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import type { ExecutionEntity } from '../executions/execution.entity';
import type { RunResult } from './local-runs/run-result';

/** What an execution asks: one model, or several, of which that is the first. */
export interface AskedModels {
  readonly model: ModelV1;
  readonly ensemble: Ensemble | null;
}

/** An execution that runs in this process. */
export interface LocalRun {
  readonly row: ExecutionEntity;
  /** Whose it is, in the span of its run. */
  readonly ctx: RequestContext;
  /** Aborts with `Stopped` once the execution is to end, which is what `run` then rejects with. */
  readonly signal: AbortSignal;
  /** When its time is up, of `performance.now()`. */
  readonly deadlineAt: number;
}

/** One way to run executions: in this process where it has `run`, on the fleet of Python workers else. */
export interface ExecutionAdapter {
  /** What programs and calls ask for it by. */
  readonly name: string;
  /** The form in which it asks models, where that cannot be chosen. */
  readonly format?: ExecutionV1['format'];
  /** The models that an execution asks whose call names none. Rejects with the registry's errors, or ValidationFailedError. */
  models(
    ctx: RequestContext,
    program: ProgramVersionV1,
    request: Pick<ExecutionCreateV1, 'format'>,
  ): Promise<AskedModels>;
  /** What keeps it from running a program; none when it can. */
  refusals?(program: Pick<ProgramVersionV1, 'signature' | 'module' | 'format'>): ErrorItem[];
  /** Runs an execution; an error that it rejects with ends the execution. */
  run?(run: LocalRun): Promise<RunResult>;
  /** Learns from how one of its executions ended, where this replica committed that. */
  learn?(ended: ExecutionEntity): void;
}
