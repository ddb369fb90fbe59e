import { Readable } from 'node:stream';
import { Controller, Get, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { EXAMPLE_SPLITS, PAGE_LIMIT_MAX } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { withPatience } from '../batches/patience';
import { DatasetsClient } from '../datasets/datasets.client';
import { ApiProblems } from '../docs/api-answers';
import { Caller } from '../http/request-context';
import { CSV, NDJSON } from '../http/row-bodies';
import { datasetName } from '../input/path-names';
import { VERSION_SCHEMA } from '../input/version-parameter';
import { csvLines, exampleLines, JSON_LINES } from './example-lines';
import { EXPORT_FORMATS, exportQuery, type ExportQuery } from './export-query';

const TEXT = { schema: { type: 'string' } } as const;

@ApiTags('datasets')
@Controller('v1/datasets')
export class DatasetExportsController {
  constructor(private readonly datasets: DatasetsClient) {}

  @Get(':name/export')
  @ApiOperation({
    summary: 'Export the examples of a dataset as a file',
    description:
      'In the order of their numbers, as an import reads them again. JSON in lines is exact. In CSV a text that begins with = + - ' +
      '@, a tab or a carriage return has an apostrophe before it, so that a spreadsheet does not run it; an import takes it away.',
  })
  @ApiQuery({ name: 'format', required: false, enum: EXPORT_FORMATS, description: 'Else `jsonl`.' })
  @ApiQuery({ name: 'version', required: false, description: 'Else the newest.', schema: VERSION_SCHEMA })
  @ApiQuery({ name: 'split', required: false, description: 'Else all.', enum: EXAMPLE_SPLITS })
  @ApiResponse({
    status: 200,
    description: 'The file.',
    headers: { 'Content-Disposition': { description: 'Names the file by dataset and version.', ...TEXT } },
    content: { [NDJSON]: TEXT, [CSV]: TEXT },
  })
  @ApiProblems('dataset_not_found', 'validation_failed')
  async export(
    @Caller() ctx: RequestContext,
    @Param('name', datasetName) name: string,
    @Query(exportQuery) { format, split, version: asked }: ExportQuery,
  ): Promise<StreamableFile> {
    const { version, fields } = await this.datasets.get(ctx, { name, version: asked });
    const page = { name, version, ...(split !== undefined && { split }), limit: PAGE_LIMIT_MAX };
    const first = await this.datasets.examples(ctx, page);
    const next = (after: number) => withPatience(() => this.datasets.examples(ctx, { ...page, after }));
    const lines = exampleLines(first, format === 'csv' ? csvLines(fields) : JSON_LINES, next);
    return new StreamableFile(Readable.from(lines, { objectMode: false }), {
      type: format === 'csv' ? `${CSV}; charset=utf-8; header=present` : NDJSON,
      disposition: `attachment; filename="${name}-v${version}${split === undefined ? '' : `-${split}`}.${format}"`,
    });
  }
}
