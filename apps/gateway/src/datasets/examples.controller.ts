import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { EXAMPLE_SPLITS, PAGE_LIMIT_MAX, type ExamplesAppendedV1, type ExamplesV1 } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { ApiAnswer, ApiProblems, BODY_PROBLEMS } from '../docs/api-answers';
import { AnswersResource, ApiIfMatch } from '../docs/api-resources';
import { IfMatchTags } from '../http/entity-tag';
import { ApiIdempotencyKey, IDEMPOTENCY_PROBLEMS, KeyedCaller } from '../http/idempotency-key';
import { Caller } from '../http/request-context';
import { datasetName } from '../input/path-names';
import { VERSION_SCHEMA } from '../input/version-parameter';
import { AppendExamplesDto } from './append-examples.dto';
import { DatasetsClient } from './datasets.client';
import { examplesQuery, type ExamplesQuery } from './examples-query';

@ApiTags('datasets')
@Controller('v1/datasets')
export class ExamplesController {
  constructor(private readonly datasets: DatasetsClient) {}

  @Post(':name/examples')
  @HttpCode(200)
  @ApiIdempotencyKey()
  @ApiIfMatch()
  @ApiOperation({
    summary: 'Add examples to a dataset: makes a new version',
    description:
      'What is there already is not added again, and where nothing is new no version is made. Values are read by the types of ' +
      'the signature.',
  })
  @AnswersResource(200, 'AppendedExamples', 'The dataset as it stands now, and what became of the rows.')
  @ApiProblems(
    'dataset_not_found',
    'version_conflict',
    'invalid_examples',
    'validation_failed',
    ...IDEMPOTENCY_PROBLEMS,
    ...BODY_PROBLEMS,
  )
  append(
    @KeyedCaller() ctx: RequestContext,
    @Param('name', datasetName) name: string,
    @IfMatchTags() ifMatch: string[] | undefined,
    @Body() { examples: rows, ...options }: AppendExamplesDto,
  ): Promise<ExamplesAppendedV1> {
    return this.datasets.append(ctx, { ...options, name, ifMatch, rows });
  }

  @Get(':name/examples')
  @ApiOperation({
    summary: 'Read the examples of a dataset',
    description: 'In the order of their numbers; `nextAfter` is what `after` is for the next page.',
  })
  @ApiQuery({ name: 'version', required: false, description: 'Else the newest.', schema: VERSION_SCHEMA })
  @ApiQuery({ name: 'split', required: false, description: 'Else all.', enum: EXAMPLE_SPLITS })
  @ApiQuery({ name: 'after', required: false, schema: { type: 'integer', minimum: 0, maximum: 999_999_999 } })
  @ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: PAGE_LIMIT_MAX } })
  @ApiAnswer(200, 'Examples', 'A page, and where the next begins, null at the end.')
  @ApiProblems('dataset_not_found', 'validation_failed')
  list(
    @Caller() ctx: RequestContext,
    @Param('name', datasetName) name: string,
    @Query(examplesQuery) query: ExamplesQuery,
  ): Promise<ExamplesV1> {
    return this.datasets.examples(ctx, { ...query, name });
  }
}
