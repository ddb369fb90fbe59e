import { createHash } from 'node:crypto';
import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { PAGE_LIMIT_MAX, PageRequest, type ExamplesAppendedV1, type JsonObject } from '@dspy-nest/contracts';
import { fromZodError, type RequestContext } from '@dspy-nest/platform';
import { withPatience } from '../batches/patience';
import { DatasetImports } from '../dataset-imports/dataset-imports.service';
import { ApiProblems, BODY_PROBLEMS } from '../docs/api-answers';
import { AnswersResource, ApiIfMatch } from '../docs/api-resources';
import { ExecutionsClient } from '../executions/executions.client';
import { FeedbackClient } from '../feedback/feedback.client';
import { IfMatchTags } from '../http/entity-tag';
import { ApiIdempotencyKey, IDEMPOTENCY_PROBLEMS, KeyedCaller } from '../http/idempotency-key';
import { datasetName } from '../input/path-names';
import { executionRows } from './execution-rows';
import { ImportExecutionsDto } from './import-executions.dto';

@ApiTags('datasets')
@Controller('v1/datasets')
export class ExecutionExamplesController {
  constructor(
    private readonly imports: DatasetImports,
    private readonly executions: ExecutionsClient,
    private readonly feedback: FeedbackClient,
  ) {}

  @Post(':name/imports/executions')
  @HttpCode(200)
  @ApiIdempotencyKey()
  @ApiIfMatch()
  @ApiOperation({
    summary: 'Add executions to a dataset as examples: makes a new version',
    description:
      'What went in is the inputs, and what came out the outputs, but for what the newest correction of its feedback says; one of ' +
      'the request goes before that.',
  })
  @AnswersResource(200, 'AppendedExamples', 'The dataset as it stands now, and what became of the executions.')
  @ApiProblems(
    'dataset_not_found',
    'version_conflict',
    'invalid_examples',
    'import_in_progress',
    'import_lost',
    'validation_failed',
    ...IDEMPOTENCY_PROBLEMS,
    ...BODY_PROBLEMS,
  )
  async import(
    @KeyedCaller() ctx: RequestContext,
    @Param('name', datasetName) name: string,
    @IfMatchTags() ifMatch: string[] | undefined,
    @Body() { filter: given, corrections = [], onInvalid = 'refuse', dryRun = false }: ImportExecutionsDto,
  ): Promise<ExamplesAppendedV1> {
    const { filter } = filterOf(given);
    const request = { name, ifMatch, onInvalid, dryRun };
    const { idempotencyKey: _, ...reading } = ctx;
    const page = (cursor: string | undefined) =>
      withPatience(() =>
        this.executions.list(reading, { filter, sort: 'createdAt', limit: PAGE_LIMIT_MAX, ...(cursor && { cursor }) }),
      );
    const sources = {
      page,
      whole: (id: string) => withPatience(() => this.executions.get(reading, id)),
      feedback: (ids: string[]) => withPatience(() => this.feedback.corrections(reading, ids)),
      corrections: new Map(corrections.map(({ execution, outputs }) => [execution, outputs as JsonObject])),
    };
    const digest = createHash('sha256').update(JSON.stringify({ filter, corrections })).digest('hex');
    return this.imports.importRows(ctx, request, {
      read: async (fields) => ({ rows: executionRows({ ...sources, fields }) }),
      digest: () => digest,
    });
  }
}

function filterOf(filter: object): Pick<PageRequest, 'filter'> {
  const parsed = PageRequest.safeParse({ filter });
  if (parsed.success) return parsed.data;
  throw fromZodError(parsed.error);
}
