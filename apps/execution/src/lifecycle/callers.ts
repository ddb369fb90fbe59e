import type { ExecutionEntity } from '../executions/execution.entity';

/** Hang-ups remembered for callers that are not held yet: their request is still being looked at. */
const REMEMBERED_HANG_UPS = 1_000;

interface Call {
  readonly row: ExecutionEntity;
  readonly sinceMs: number;
  readonly ended: Promise<ExecutionEntity>;
  readonly resolve: (execution: ExecutionEntity) => void;
  readonly reject: (reason: unknown) => void;
  /** Whether the execution goes on without a caller. */
  readonly outlives: boolean;
  waiting: number;
}

/** The synchronous callers that this replica holds, by execution. */
export class Callers {
  private readonly calls = new Map<string, Call>();
  private readonly hangUps = new Set<string>();

  /**
   * Holds a caller until {@link end} or {@link fail}; the row is kept with it, so that its outcome needs no read. With
   * `outlives` the execution is wanted whether or not its caller waits.
   */
  hold(row: ExecutionEntity, outlives = false): Promise<ExecutionEntity> {
    const { promise: ended, resolve, reject } = Promise.withResolvers<ExecutionEntity>();
    this.calls.set(row.id, { row, sinceMs: performance.now(), ended, resolve, reject, outlives, waiting: 1 });
    return ended;
  }

  /** What a caller that is already held here waits for; one more waits for it now. */
  join(tenant: string, id: string): Promise<ExecutionEntity> | undefined {
    const call = this.of(tenant, id);
    if (call === undefined) return undefined;
    call.waiting += 1;
    return call.ended;
  }

  /** Takes one caller away; returns the row of an execution that nobody wants any more. */
  hangUp(tenant: string, id: string): ExecutionEntity | undefined {
    const call = this.of(tenant, id);
    if (call === undefined) {
      this.rememberHangUp(`${tenant}/${id}`);
      return undefined;
    }
    call.waiting -= 1;
    return call.waiting > 0 || call.outlives ? undefined : call.row;
  }

  /** Whether the caller of an execution that is not held yet has hung up; tells it once. */
  hasHungUp({ tenant, id }: ExecutionEntity): boolean {
    return this.hangUps.delete(`${tenant}/${id}`);
  }

  /** The accepted row of a held caller. */
  row(tenant: string, id: string): ExecutionEntity | undefined {
    return this.of(tenant, id)?.row;
  }

  /** Milliseconds since an execution was accepted: to the microsecond for a caller held here, by the clock else. */
  elapsedMs(row: ExecutionEntity): number {
    const call = this.calls.get(row.id);
    return call === undefined ? Math.max(0, Date.now() - row.createdAt.getTime()) : performance.now() - call.sinceMs;
  }

  /** The accepted rows of all that are held. */
  rows(): ExecutionEntity[] {
    return [...this.calls.values()].map(({ row }) => row);
  }

  /** Answers everybody who waits for the execution `id`; tells whether anybody did. */
  end(id: string, execution: ExecutionEntity): boolean {
    this.calls.get(id)?.resolve(execution);
    return this.calls.delete(id);
  }

  /** Refuses everybody who waits for the execution `id`. */
  fail(id: string, reason: unknown): void {
    this.calls.get(id)?.reject(reason);
    this.calls.delete(id);
  }

  /** Callers that wait here. */
  count(): number {
    let waiting = 0;
    for (const call of this.calls.values()) waiting += call.waiting;
    return waiting;
  }

  private of(tenant: string, id: string): Call | undefined {
    const call = this.calls.get(id);
    return call?.row.tenant === tenant ? call : undefined;
  }

  private rememberHangUp(key: string): void {
    this.hangUps.add(key);
    if (this.hangUps.size <= REMEMBERED_HANG_UPS) return;
    const oldest = this.hangUps.values().next();
    if (!oldest.done) this.hangUps.delete(oldest.value);
  }
}
