import { isTerminal, type ExecutionEventV1, type ExecutionV1, type StreamedEventsV1 } from '@dspy-nest/contracts';
import { BEGINNING, STARTED, historyOf } from './execution-history';

/**
 * Puts what an execution's stored state says and what its worker tells into one order, for a reader who has seen the events up
 * to a number. Says only what the reader has not seen.
 */
export class ExecutionTimeline {
  /** The number of the last event that was told, as far as it was read. */
  private told = STARTED;
  /** Text that goes on a text of which a part is missing is of no use: nothing of it is said before it begins anew. */
  private isTorn = false;

  constructor(private cursor: number) {}

  /** Whether the reader may have seen what a worker told. */
  get isUnderWay(): boolean {
    return this.cursor > STARTED;
  }

  /** Whether all that was told before the end of an execution was read, or seen. */
  isCompleteFor({ lastSequence }: ExecutionV1): boolean {
    return lastSequence !== null && Math.max(this.told, this.cursor) >= lastSequence;
  }

  /** What is told is read from its beginning on again; `last` is the number of its last event, if there is any. */
  rewind(last: number | undefined): void {
    this.told = STARTED;
    this.isTorn = false;
    // All was lost, and a worker that knew nothing of it began to count anew.
    if (last !== undefined && this.cursor > last) this.cursor = STARTED;
  }

  /** The news in what a worker told. */
  hear({ first, events }: StreamedEventsV1): ExecutionEventV1[] {
    if (events.length === 0) return [];
    if (first <= this.told) this.cursor = Math.min(this.cursor, first - 1);
    else if (first > Math.max(this.told, this.cursor) + 1) this.isTorn = true;
    this.told = first + events.length - 1;
    const told = events.map((event, index) => ({ sequence: first + index, ...event }));
    return [...this.unseen(BEGINNING), ...this.unseen(told).filter((event) => this.isWhole(event))];
  }

  /** The news in a state; of an end only when all that was told before it was heard. */
  see(execution: ExecutionV1): ExecutionEventV1[] {
    const history = historyOf(execution, this.told > STARTED ? this.told : 0);
    const isBeyond = execution.stream && isTerminal(execution.status) && this.cursor > history.at(-1)!.sequence;
    if (isBeyond) this.cursor = STARTED;
    return this.unseen(history);
  }

  private unseen(events: readonly ExecutionEventV1[]): ExecutionEventV1[] {
    const news = events.filter(({ sequence }) => sequence > this.cursor);
    this.cursor = news.at(-1)?.sequence ?? this.cursor;
    return news;
  }

  private isWhole({ type }: ExecutionEventV1): boolean {
    if (type === 'restarted') this.isTorn = false;
    return !this.isTorn;
  }
}
