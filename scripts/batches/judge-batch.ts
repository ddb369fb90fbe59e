import type { BatchCounts, BatchResultV1, BatchV1 } from '@dspy-nest/contracts';
import type { Violation } from '../faults/judge/judge';
import { expectedOf, nonceOfRow } from './batch-rows';

/** What the database holds of a batch, past the services. */
export interface StoredBatch {
  /** Rows that have an execution. */
  readonly executions: number;
  /** Executions that have not ended. */
  readonly open: number;
  /** Places of rows that have more than one execution. */
  readonly doubled: number;
}

/** Holds results, as they are read, against the rows that were sent. */
export class ResultJudge {
  readonly violations: Violation[] = [];
  private read = 0;
  private readonly size: number;

  constructor(size: number) {
    this.size = size;
  }

  /** Takes the next result. */
  take(result: BatchResultV1): void {
    if (result.index !== this.read) this.violate('order', result.index, `came where row ${this.read} was due`);
    this.read = result.index + 1;
    const expected = expectedOf(result.index);
    const ended = result.status === 'failed' ? (result.error?.code ?? 'failed') : result.status;
    if (ended !== expected) this.violate('unexpected-end', result.index, `${ended}, not ${expected}`);
    const echo = result.outputs?.['echo'];
    if (expected === 'succeeded' && echo !== nonceOfRow(result.index)) {
      this.violate('foreign-answer', result.index, `has the answer ${JSON.stringify(echo)}`);
    }
  }

  /** Says that there are no more, and how the batch was told and stored. */
  close({ status, counts }: Pick<BatchV1, 'status' | 'counts'>, stored: StoredBatch): readonly Violation[] {
    if (this.read !== this.size) this.violate('lost', this.read, `is the first without a result, of ${this.size}`);
    if (status !== 'completed') this.violate('open', 'batch', `is ${status}`);
    const expected = this.expectedCounts();
    if (JSON.stringify(counts) !== JSON.stringify(expected)) {
      this.violate('counts', 'batch', `told ${JSON.stringify(counts)}, not ${JSON.stringify(expected)}`);
    }
    const run = this.indexes().filter((index) => !['invalid_inputs', 'malformed_request'].includes(expectedOf(index)));
    const wanted: StoredBatch = { executions: run.length, open: 0, doubled: 0 };
    if (JSON.stringify(stored) !== JSON.stringify(wanted)) {
      this.violate('double-outcome', 'batch', `stored ${JSON.stringify(stored)}, not ${JSON.stringify(wanted)}`);
    }
    return this.violations;
  }

  private expectedCounts(): BatchCounts {
    const failed = this.indexes().filter((index) => expectedOf(index) !== 'succeeded').length;
    const none = { pending: 0, inFlight: 0, cancelled: 0, timedOut: 0 };
    const { pending, inFlight, cancelled, timedOut } = none;
    return { total: this.size, pending, inFlight, succeeded: this.size - failed, failed, cancelled, timedOut };
  }

  private indexes(): number[] {
    return Array.from({ length: this.size }, (_, index) => index);
  }

  private violate(rule: string, subject: number | string, detail: string): void {
    this.violations.push({ rule, subject: typeof subject === 'number' ? `row ${subject}` : subject, detail });
  }
}
