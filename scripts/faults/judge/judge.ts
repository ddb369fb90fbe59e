import { isDeepStrictEqual } from 'node:util';
import { isTerminal, type ExecutionStatus, type JsonObject } from '@dspy-nest/contracts';
import type { ToldOutcome, Wish } from '../load/wish';

/** An execution as the database has it after all is over. */
export interface StoredExecution {
  readonly id: string;
  /** The key of the wish that it was made for. */
  readonly key: string;
  readonly status: ExecutionStatus;
  readonly outputs: JsonObject | null;
  readonly errorCode: string | null;
  readonly attempt: number;
}

/** A public event that says how an execution ended. */
export interface EndEvent {
  readonly eventId: string;
  readonly executionId: string;
  readonly status: string;
}

/** All that the servers hold after a scenario. */
export interface Evidence {
  readonly executions: readonly StoredExecution[];
  readonly events: readonly EndEvent[];
  readonly jobsLeft: number;
  readonly eventsUnpublished: number;
}

/** One promise of the platform that was broken. */
export interface Violation {
  readonly rule: string;
  /** The key or the id of the execution. */
  readonly subject: string;
  readonly detail: string;
}

/** What a scenario may do without it being the platform's fault. */
export interface Allowance {
  /** The stream of events itself is put back in time. */
  readonly eventsMayBeLost?: boolean;
}

/**
 * Holds what clients were told against what the servers hold: nothing accepted is lost or left open, nothing ended twice or
 * was told in two ways, and every model's answer is the one to its own input.
 */
export function judge(wishes: readonly Wish[], evidence: Evidence, allowance: Allowance = {}): Violation[] {
  const byKey = Map.groupBy(evidence.executions, ({ key }) => key);
  const byId = new Map(evidence.executions.map((execution) => [execution.id, execution]));
  const events = Map.groupBy(evidence.events, ({ executionId }) => executionId);
  return [
    ...wishes.flatMap((wish) => [...judgeWish(wish, byKey.get(wish.key) ?? []), ...judgeTold(wish, byId)]),
    ...evidence.executions.flatMap((one) => judgeEvents(one, events.get(one.id) ?? [], allowance)),
    ...judgeLeftovers(evidence),
  ];
}

function judgeWish(wish: Wish, executions: readonly StoredExecution[]): Violation[] {
  const { key, refusals, outcomes, clients } = wish;
  const violations = refusals.map((reason) => ({ rule: 'refused', subject: key, detail: reason }));
  if (outcomes.length + refusals.length < clients) {
    const detail = `${clients - outcomes.length} of ${clients} clients never learnt the end`;
    violations.push({ rule: 'unanswered', subject: key, detail });
  }
  if (executions.length > 1) {
    const detail = `one key made ${executions.length} executions: ${executions.map(({ id }) => id).join(', ')}`;
    violations.push({ rule: 'double-execution', subject: key, detail });
  }
  return [...violations, ...executions.flatMap((execution) => judgeEnd(wish, execution))];
}

function judgeEnd({ key, expected }: Wish, { id, status, outputs, errorCode }: StoredExecution): Violation[] {
  if (!isTerminal(status)) return [{ rule: 'open', subject: id, detail: `is still ${status}` }];
  if (status !== expected) {
    return [{ rule: 'unexpected-end', subject: id, detail: `${status} (${errorCode}) instead of ${expected}` }];
  }
  if (status !== 'succeeded' || outputs?.['echo'] === key) return [];
  return [{ rule: 'foreign-answer', subject: id, detail: `answers ${JSON.stringify(outputs)} to ${key}` }];
}

function judgeTold({ key, accepted, outcomes }: Wish, byId: ReadonlyMap<string, StoredExecution>): Violation[] {
  const lost = [...accepted].filter((id) => !byId.has(id));
  const different = outcomes.filter((told) => !isAsTold(byId.get(told.executionId), told));
  const violations = lost.map((id) => ({ rule: 'lost', subject: id, detail: `accepted for ${key}, but not stored` }));
  if (accepted.size > 1) {
    violations.push({ rule: 'double-execution', subject: key, detail: `was told ${[...accepted].join(', ')}` });
  }
  for (const { executionId, ...told } of different) {
    const stored = byId.get(executionId);
    const detail = `told ${JSON.stringify(told)}, stored ${stored?.status} ${JSON.stringify(stored?.outputs)}`;
    violations.push({ rule: 'double-outcome', subject: executionId, detail });
  }
  return violations;
}

function isAsTold(stored: StoredExecution | undefined, { status, outputs }: ToldOutcome): boolean {
  return stored === undefined || (stored.status === status && isDeepStrictEqual(stored.outputs, outputs));
}

function judgeEvents(stored: StoredExecution, events: readonly EndEvent[], allowance: Allowance): Violation[] {
  const { id, status } = stored;
  const distinct = [...new Map(events.map((event) => [event.eventId, event])).values()];
  if (distinct.length > 1) {
    const detail = `ended ${distinct.length} times: ${distinct.map(({ eventId }) => eventId).join(', ')}`;
    return [{ rule: 'double-outcome', subject: id, detail }];
  }
  const [event] = distinct;
  if (event !== undefined && event.status !== status) {
    return [{ rule: 'double-outcome', subject: id, detail: `the event says ${event.status}, the database ${status}` }];
  }
  if (event !== undefined || allowance.eventsMayBeLost || !isTerminal(status)) return [];
  return [{ rule: 'no-event', subject: id, detail: `ended as ${status}, and no event says so` }];
}

function judgeLeftovers({ jobsLeft, eventsUnpublished }: Evidence): Violation[] {
  const left = (count: number, what: string) =>
    count === 0 ? [] : [{ rule: 'left-over', subject: what, detail: `${count} left` }];
  return [...left(jobsLeft, 'work queue'), ...left(eventsUnpublished, 'outbox')];
}
