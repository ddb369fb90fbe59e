import type { ScoredPair } from '@dspy-nest/statistics';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

// An example that stands in both more than once is paired place by place.
const PAIRS = `
  WITH scored AS (
    SELECT evaluation_id, example_id, score, row_number() OVER (PARTITION BY evaluation_id, example_id ORDER BY index) AS nth
    FROM optimization.evaluation_examples
    WHERE tenant = $1 AND evaluation_id IN ($2, $3) AND score IS NOT NULL
  )
  SELECT b.score AS baseline, c.score AS candidate
  FROM (SELECT * FROM scored WHERE evaluation_id = $2) AS b
  FULL JOIN (SELECT * FROM scored WHERE evaluation_id = $3) AS c ON c.example_id = b.example_id AND c.nth = b.nth
  ORDER BY COALESCE(b.example_id, c.example_id), COALESCE(b.nth, c.nth)`;

/** The scores of two evaluations, example by example. */
@Injectable()
export class EvaluationComparisonsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Pairs of scores on the same examples, in an order that never changes, and how many scores have no partner. */
  async pairs(
    tenant: string,
    { baseline, candidate }: { baseline: string; candidate: string },
  ): Promise<{ pairs: ScoredPair[]; unpaired: number }> {
    const rows = await this.dataSource.query<Record<keyof ScoredPair, number | null>[]>(PAIRS, [
      tenant,
      baseline,
      candidate,
    ]);
    const pairs = rows.flatMap(({ baseline: before, candidate: after }) =>
      before === null || after === null ? [] : [{ baseline: before, candidate: after }],
    );
    return { pairs, unpaired: rows.length - pairs.length };
  }
}
