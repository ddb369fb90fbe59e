import type { ExampleV1, OptimizationExample } from '@dspy-nest/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { OptimizationKey } from '../optimizations/optimization.entity';

const ADD = `
  INSERT INTO optimization.optimization_examples (tenant, optimization_id, split, number, inputs, outputs)
  SELECT $1, $2, e.split, e.number, e.inputs, e.outputs
  FROM json_to_recordset($3::json) AS e (split text, number int, inputs json, outputs json)
  ON CONFLICT DO NOTHING`;

const OF_SPLIT = `
  SELECT inputs, outputs FROM optimization.optimization_examples
  WHERE tenant = $1 AND optimization_id = $2 AND split = $3 ORDER BY number`;

/** What optimisers are given. */
@Injectable()
export class OptimizationExamplesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Adds examples that are not there yet. One of the split test is refused by the table. */
  async add({ tenant, id }: OptimizationKey, examples: readonly ExampleV1[]): Promise<void> {
    await this.dataSource.query(ADD, [tenant, id, JSON.stringify(examples)]);
  }

  /** The examples of a split in the order of the dataset. */
  ofSplit({ tenant, id }: OptimizationKey, split: 'train' | 'validation'): Promise<OptimizationExample[]> {
    return this.dataSource.query<OptimizationExample[]>(OF_SPLIT, [tenant, id, split]);
  }
}
