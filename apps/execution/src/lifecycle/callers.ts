import type { FinishedExecution } from './execution-outcome';
import type { ExecutionEntity } from '../executions/execution.entity';

interface Call {
  readonly row: ExecutionEntity;
  readonly sinceMs: number;
  readonly ended: Promise<FinishedExecution>;
  readonly end: (execution: FinishedExecution) => void;
}

/** The synchronous callers that this replica holds, by execution. */
export class Callers {
  private readonly calls = new Map<string, Call>();

  /** Holds a caller until {@link end}; the row is kept with it, so that its outcome needs no read. */
  hold(row: ExecutionEntity): Promise<FinishedExecution> {
    let end!: Call['end'];
    const ended = new Promise<FinishedExecution>((resolve) => (end = resolve));
    this.calls.set(row.id, { row, sinceMs: performance.now(), ended, end });
    return ended;
  }

  /** What a caller that is already held here waits for. */
  join(tenant: string, id: string): Promise<FinishedExecution> | undefined {
    const call = this.calls.get(id);
    return call?.row.tenant === tenant ? call.ended : undefined;
  }

  /** The accepted row of a held caller. */
  row(tenant: string, id: string): ExecutionEntity | undefined {
    const row = this.calls.get(id)?.row;
    return row?.tenant === tenant ? row : undefined;
  }

  /** Milliseconds since an execution was accepted: to the microsecond for a caller held here, by the clock else. */
  elapsedMs(row: ExecutionEntity): number {
    const call = this.calls.get(row.id);
    return call === undefined ? Math.max(0, Date.now() - row.createdAt.getTime()) : performance.now() - call.sinceMs;
  }

  /** Answers everybody who waits for this execution. */
  end(execution: FinishedExecution): void {
    this.calls.get(execution.id)?.end(execution);
    this.calls.delete(execution.id);
  }

  /** Stops holding a caller that will be answered in another way. */
  release(id: string): void {
    this.calls.delete(id);
  }
}
