import type { BatchResultsV1 } from '@dspy-nest/contracts';
import { judgesOf, type MetricDefinition } from '@dspy-nest/metrics';
import type { RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { BatchesClient } from '../batches/batches.client';
import { EvaluationExamplesRepository } from '../evaluation-examples/evaluation-examples.repository';
import type { EvaluationEntity, EvaluationKey } from '../evaluations/evaluation.entity';
import { JudgesService } from '../judges/judges.service';
import { judgeBatchId, judgedBy, judgeRow, type Judged } from './judgement';

/** What the judges said of examples in their order, each example by all of them, and how their batches stand. */
export interface JudgedPage {
  readonly judged: readonly (readonly Judged[])[];
  readonly statuses: readonly BatchResultsV1['status'][];
}

/** Has the answers of an evaluation judged: each judge is asked in a batch of its own, in which examples have their places. */
@Injectable()
export class EvaluationJudging {
  constructor(
    private readonly judges: JudgesService,
    private readonly batches: BatchesClient,
    private readonly examples: EvaluationExamplesRepository,
  ) {}

  /** Asks all judges about all answers, which have to be there: done twice it changes nothing. */
  async handOver(ctx: RequestContext, evaluation: EvaluationEntity): Promise<void> {
    const judges = await this.judges.of(ctx, evaluation.definition as MetricDefinition);
    const asked = judges.map((judge, place) => ({ judge, id: judgeBatchId(evaluation.id, place) }));
    for (const { id, judge } of asked) {
      await this.batches.create(ctx, { id, program: judge.program.programId, version: judge.program.version });
    }
    for (let first = 0; first < evaluation.total;) {
      const { items } = await this.batches.resultsFrom(ctx, evaluation.id, first);
      const examples = await this.examples.examples(evaluation, first, items.length);
      for (const { id, judge } of asked) {
        await this.batches.append(ctx, {
          id,
          first,
          rows: items.map((item, i) => judgeRow(judge, examples[i]!, item)),
        });
      }
      first += items.length;
    }
    for (const { id } of asked) await this.batches.close(ctx, { id, rows: evaluation.total });
  }

  /** What the judges said of examples from one on, as far as all of them have ended. */
  async results(ctx: RequestContext, evaluation: EvaluationEntity, first: number): Promise<JudgedPage> {
    const judges = await this.judges.of(ctx, evaluation.definition as MetricDefinition);
    const pages = await Promise.all(
      judges.map((_, place) => this.batches.resultsFrom(ctx, judgeBatchId(evaluation.id, place), first)),
    );
    const common = Math.min(...pages.map(({ items }) => items.length));
    const judged = Array.from({ length: common }, (_, index) =>
      judges.map((judge, place) => judgedBy(judge, pages[place]!.items[index]!)),
    );
    return { judged, statuses: pages.map(({ status }) => status) };
  }

  /** Has the judges asked nothing more. */
  async cancel(ctx: RequestContext, { id, definition }: EvaluationKey & { definition: object }): Promise<void> {
    const count = judgesOf(definition as MetricDefinition).length;
    for (let place = 0; place < count; place += 1) await this.batches.cancel(ctx, judgeBatchId(id, place));
  }
}
