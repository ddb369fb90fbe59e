import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import {
  LEAKAGE_MAX_EXAMPLES,
  SIMILARITY_DEFAULT,
  SIMILARITY_MIN,
  type DatasetDiffV1,
  type DatasetLeakageV1,
} from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { ApiAnswer, ApiProblems } from '../docs/api-answers';
import { Caller } from '../http/request-context';
import { datasetName } from '../input/path-names';
import { VERSION_SCHEMA } from '../input/version-parameter';
import { diffQuery, leakageQuery, type DiffQuery, type LeakageQuery } from './comparison-query';
import { DatasetComparisonsClient } from './dataset-comparisons.client';

@ApiTags('datasets')
@Controller('v1/datasets')
export class DatasetComparisonsController {
  constructor(private readonly comparisons: DatasetComparisonsClient) {}

  @Get(':name/diff')
  @ApiOperation({
    summary: 'Compare two versions of a dataset',
    description: 'What the later one has that the earlier one has not; nothing is ever taken out.',
  })
  @ApiQuery({ name: 'from', description: 'The earlier version.', schema: VERSION_SCHEMA })
  @ApiQuery({ name: 'to', description: 'The later version.', schema: VERSION_SCHEMA })
  @ApiAnswer(200, 'DatasetDiff', 'What was added, and the first examples of it.')
  @ApiProblems('dataset_not_found', 'validation_failed')
  diff(
    @Caller() ctx: RequestContext,
    @Param('name', datasetName) name: string,
    @Query(diffQuery) query: DiffQuery,
  ): Promise<DatasetDiffV1> {
    return this.comparisons.diff(ctx, { ...query, name });
  }

  @Get(':name/leakage')
  @ApiOperation({
    summary: 'Find examples that are nearly the same as one in another split',
    description:
      `What a program has learned from says nothing of how good it is. Inputs are compared by their text; of a version with more ` +
      `than ${LEAKAGE_MAX_EXAMPLES} examples so many are looked at, drawn by their hashes.`,
  })
  @ApiQuery({ name: 'version', required: false, description: 'Else the newest.', schema: VERSION_SCHEMA })
  @ApiQuery({
    name: 'similarity',
    required: false,
    description: 'How much of their text two have in common, at least.',
    schema: { type: 'number', minimum: SIMILARITY_MIN, maximum: 1, default: SIMILARITY_DEFAULT },
  })
  @ApiAnswer(200, 'DatasetLeakage', 'How many there are in each split, and the most similar pairs.')
  @ApiProblems('dataset_not_found', 'validation_failed')
  leakage(
    @Caller() ctx: RequestContext,
    @Param('name', datasetName) name: string,
    @Query(leakageQuery) query: LeakageQuery,
  ): Promise<DatasetLeakageV1> {
    return this.comparisons.leakage(ctx, { ...query, name });
  }
}
