import { Readable } from 'node:stream';
import { Controller, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { BODY_MAX_BYTES, type BatchRowV1, type BatchV1, type ErrorCode } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiAnswer, ApiProblems, BODY_PROBLEMS } from '../docs/api-answers';
import { BATCH_EXAMPLE } from '../docs/examples';
import { MalformedRequestError } from '../http/http.errors';
import { ApiIdempotencyKey, IDEMPOTENCY_PROBLEMS, KeyedCaller } from '../http/idempotency-key';
import { beginLongBody } from '../http/long-bodies';
import { JSONL, NDJSON, TakesRows } from '../http/row-bodies';
import { programName } from '../input/path-names';
import { ApiBatchOptions, BatchQuery, type BatchOptions } from './batch-options';
import { rowOfLine, rowOfValue } from './batch-row';
import { BatchUploads } from './batch-uploads.service';
import { bodyBytes } from '../uploads/body-bytes';
import { rowLines } from '../uploads/row-lines';
import { UPLOAD_LIMITS, type UploadLimits } from './upload-limits';

const NOT_FOUND: ErrorCode[] = ['program_not_found', 'program_version_not_found', 'model_not_found'];
const REFUSED: ErrorCode[] = ['validation_failed', 'unsupported_option', 'batch_finished', 'batch_incomplete'];
const LOCATION = { Location: { description: 'Where to read the batch.', schema: { type: 'string' } } } as const;

@ApiTags('batches')
@Controller('v1/programs')
export class ProgramBatchesController {
  constructor(
    private readonly uploads: BatchUploads,
    @Inject(UPLOAD_LIMITS) private readonly limits: UploadLimits,
  ) {}

  @Post(':name/batches')
  @HttpCode(202)
  @TakesRows(NDJSON, JSONL)
  @ApiOperation({
    summary: 'Run a program over many inputs',
    description:
      'The rows are an array of inputs, or lines of NDJSON, which may be many and are streamed. Nothing is run before all have ' +
      'come. A row that cannot be run is kept as a failed one. With an `Idempotency-Key` an upload that broke off may be sent ' +
      'again: rows that came are not run twice.',
  })
  @ApiIdempotencyKey()
  @ApiBatchOptions()
  @ApiBody({
    description: 'The inputs of one execution each.',
    schema: {
      type: 'array',
      minItems: 1,
      items: { type: 'object', additionalProperties: true, example: { ticket: 'My card was charged twice' } },
    },
  })
  @ApiAnswer(202, 'Batch', 'All rows have come, and are run; read how they stand at `Location`.', {
    example: BATCH_EXAMPLE,
    headers: LOCATION,
  })
  @ApiProblems(...NOT_FOUND, ...REFUSED, ...IDEMPOTENCY_PROBLEMS, ...BODY_PROBLEMS)
  async create(
    @KeyedCaller() ctx: RequestContext,
    @Param('name', programName) program: string,
    @BatchQuery() options: BatchOptions,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BatchV1> {
    const arrived = beginLongBody(request.raw.socket);
    try {
      const batch = await this.uploads.upload(ctx, { program, ...options }, this.rowsOf(request.body));
      reply.header('location', `/v1/batches/${batch.id}`);
      return batch;
    } finally {
      arrived();
    }
  }

  private rowsOf(body: unknown): AsyncIterable<BatchRowV1> | Iterable<BatchRowV1> {
    if (Array.isArray(body)) return body.map(rowOfValue);
    if (body instanceof Readable) return rowsOfLines(body, this.limits);
    const message =
      'The body must be a JSON array of inputs ("content-type: application/json"), or inputs as lines ("application/x-ndjson").';
    throw new MalformedRequestError(message, [{ pointer: '', code: 'json_not_an_array', message }]);
  }
}

async function* rowsOfLines(body: Readable, { maxBytes }: UploadLimits): AsyncGenerator<BatchRowV1> {
  for await (const line of rowLines(bodyBytes(body, { maxBytes }), BODY_MAX_BYTES)) yield rowOfLine(line);
}
