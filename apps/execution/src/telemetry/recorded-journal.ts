import { inSpan } from '@dspy-nest/platform';
import { Inject, Injectable } from '@nestjs/common';
import { Adapters } from '../adapters/adapters';
import { AnswerCache } from '../answers/answer-cache';
import { Journal } from '../journal/journal';
import type { FinishedExecution } from '../lifecycle/execution-outcome';
import { ExecutionMetrics } from './execution-metrics';

/** The journal with a count, a span, the kept answer and what is learned of the model for each outcome: it alone knows which replica's outcome was the first. */
@Injectable()
export class RecordedJournal extends Journal {
  @Inject(ExecutionMetrics) private readonly metrics: ExecutionMetrics;
  @Inject(AnswerCache) private readonly answers: AnswerCache;
  @Inject(Adapters) private readonly adapters: Adapters;

  override async finish(row: FinishedExecution): Promise<FinishedExecution | null> {
    const written = await commitSpan(row, () => super.finish(row));
    if (written === null) return null;
    this.metrics.record(written);
    this.answers.keep(written);
    this.adapters.find(written.adapter)?.learn?.(written);
    return written;
  }
}

function commitSpan<T>({ id, program, status, traceparent }: FinishedExecution, commit: () => Promise<T>): Promise<T> {
  const attributes = { 'dspy.execution.id': id, 'dspy.program': program, 'dspy.execution.status': status };
  return inSpan({ traceparent }, 'commit outcome', { kind: 'internal', attributes }, commit);
}
