import { Readable } from 'node:stream';
import { applyDecorators, Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { ErrorCode, ExamplesAppendedV1, ExamplesPreviewedV1 } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import type { FastifyRequest } from 'fastify';
import { ApiAnswer, ApiProblems, BODY_PROBLEMS } from '../docs/api-answers';
import { AnswersResource, ApiIfMatch } from '../docs/api-resources';
import { IfMatchTags } from '../http/entity-tag';
import { UnsupportedMediaTypeError } from '../http/http.errors';
import { ApiIdempotencyKey, IDEMPOTENCY_PROBLEMS, KeyedCaller } from '../http/idempotency-key';
import { beginLongBody } from '../http/long-bodies';
import { Caller } from '../http/request-context';
import { CSV, JSONL, NDJSON, TakesRows } from '../http/row-bodies';
import { datasetName } from '../input/path-names';
import { bodyBytes } from '../uploads/body-bytes';
import { DatasetImports, type ImportedFile } from './dataset-imports.service';
import {
  ApiImportOptions,
  ApiPreviewOptions,
  ImportQuery,
  PreviewQuery,
  type ImportOptions,
  type PreviewOptions,
} from './import-options';

const IMPORT_MAX_BYTES = 4_294_967_296;
const FORMS = `CSV with "content-type: ${CSV}", or lines of JSON with "${NDJSON}"`;
const REFUSED: ErrorCode[] = ['dataset_not_found', 'validation_failed'];

/** A route that reads a file of examples as it comes. */
function TakesFile(): MethodDecorator {
  return applyDecorators(
    HttpCode(200),
    TakesRows(NDJSON, JSONL, CSV),
    ApiConsumes(CSV, NDJSON),
    ApiBody({
      description: 'A line, or a row after the names of the columns, for each example.',
      schema: { type: 'string' },
    }),
  );
}

@ApiTags('datasets')
@Controller('v1/datasets')
export class DatasetImportsController {
  constructor(private readonly imports: DatasetImports) {}

  @Post(':name/imports')
  @TakesFile()
  @ApiIdempotencyKey()
  @ApiIfMatch()
  @ApiOperation({
    summary: 'Import a file into a dataset: makes a new version',
    description:
      'CSV with the names of the columns in its first line, or JSON in lines: `{inputs, outputs, split}` or the fields side by ' +
      'side. It is read as it comes and may be large. All of it is one version in the end; of a file that does not come whole ' +
      'nothing is added. One file at a time.',
  })
  @ApiImportOptions()
  @AnswersResource(200, 'AppendedExamples', 'The dataset as it stands now, and what became of the rows.')
  @ApiProblems(
    ...REFUSED,
    'version_conflict',
    'invalid_examples',
    'import_in_progress',
    'import_lost',
    ...IDEMPOTENCY_PROBLEMS,
    ...BODY_PROBLEMS,
  )
  async import(
    @KeyedCaller() ctx: RequestContext,
    @Param('name', datasetName) name: string,
    @IfMatchTags() ifMatch: string[] | undefined,
    @ImportQuery() options: ImportOptions,
    @Req() request: FastifyRequest,
  ): Promise<ExamplesAppendedV1> {
    return readingFile(request, (file) => this.imports.import(ctx, { ...options, name, ifMatch }, file));
  }

  @Post(':name/imports/preview')
  @TakesFile()
  @ApiOperation({
    summary: 'Look at the first rows of a file as the examples they would be',
    description: 'Nothing is kept, and the rest of the file is not read.',
  })
  @ApiPreviewOptions()
  @ApiAnswer(
    200,
    'PreviewedExamples',
    'Each row as an example by the types of the signature, or what is wrong with it.',
  )
  @ApiProblems(...REFUSED, ...BODY_PROBLEMS)
  async preview(
    @Caller() ctx: RequestContext,
    @Param('name', datasetName) name: string,
    @PreviewQuery() options: PreviewOptions,
    @Req() request: FastifyRequest,
  ): Promise<ExamplesPreviewedV1> {
    return readingFile(request, (file) => this.imports.preview(ctx, { ...options, name }, file));
  }
}

async function readingFile<T>(
  { raw, body, headers }: FastifyRequest,
  read: (file: ImportedFile) => Promise<T>,
): Promise<T> {
  const type = headers['content-type'];
  if (!(body instanceof Readable)) throw new UnsupportedMediaTypeError(type, FORMS);
  const arrived = beginLongBody(raw.socket);
  const format = type?.startsWith(CSV) ? 'csv' : 'jsonl';
  try {
    return await read({ format, bytes: bodyBytes(body, { maxBytes: IMPORT_MAX_BYTES }) });
  } finally {
    arrived();
  }
}
