import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import {
  EXAMPLES_CHUNK_MAX_ROWS,
  type DatasetV1,
  type ExampleRowV1,
  type ExamplesAppendedV1,
  type ExamplesPreviewedV1,
} from '@dspy-nest/contracts';
import { ServiceUnavailableError, uuidv7, type Logger, type RequestContext } from '@dspy-nest/platform';
import { withPatience } from '../batches/patience';
import { DatasetsClient } from '../datasets/datasets.client';
import { Drain } from '../http/drain';
import { LOGGER } from '../logger.token';
import { rowChunks } from '../uploads/row-chunks';
import type { FileRows } from './csv-rows';
import { DatasetImportsClient } from './dataset-imports.client';
import { fileRows, type FileFormat } from './file-rows';
import type { ImportOptions, PreviewOptions } from './import-options';

/** A file on its way in. */
export interface ImportedFile {
  readonly format: FileFormat;
  readonly bytes: AsyncIterable<Buffer>;
}

/** Where rows come from. */
interface RowSource {
  readonly read: (fields: DatasetV1['fields']) => Promise<FileRows>;
  /** Of what was read, so that it is known again. */
  readonly digest: () => string;
}

interface ImportRequest extends Pick<ImportOptions, 'onInvalid' | 'dryRun'> {
  readonly name: string;
  readonly ifMatch: string[] | undefined;
}

/** Brings files to the registry piece by piece: one is on its way while the next is read. */
@Injectable()
export class DatasetImports {
  constructor(
    private readonly imports: DatasetImportsClient,
    private readonly datasets: DatasetsClient,
    private readonly drain: Drain,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Adds the rows of a file as one version. Of a file that does not come whole nothing is added. */
  async import(
    ctx: RequestContext,
    request: ImportOptions & ImportRequest,
    { format, bytes }: ImportedFile,
  ): Promise<ExamplesAppendedV1> {
    const { column: columns, ...options } = request;
    const digest = createHash('sha256').update(`${format}\n${JSON.stringify([...(columns ?? [])])}\n`);
    return this.importRows(ctx, options, {
      read: (fields) => fileRows(digested(bytes, digest), { format, fields, columns }),
      digest: () => digest.digest('hex'),
    });
  }

  /** Adds rows as one version, or none of them. */
  async importRows(ctx: RequestContext, request: ImportRequest, source: RowSource): Promise<ExamplesAppendedV1> {
    const id = uuidv7();
    const { fields } = await this.imports.create(ctx, { id, ...request });
    try {
      const rows = await this.bring(ctx, id, await source.read(fields));
      return await this.imports.close(ctx, { id, rows, digest: source.digest() });
    } catch (error) {
      await this.abort(ctx, id);
      throw error;
    }
  }

  /** The first rows of a file as the examples they would be; what comes after them is not read. */
  async preview(
    ctx: RequestContext,
    { name, limit, column: columns }: PreviewOptions & { name: string },
    { format, bytes }: ImportedFile,
  ): Promise<ExamplesPreviewedV1> {
    const { fields } = await this.datasets.get(ctx, { name });
    const file = await fileRows(bytes, { format, fields, columns });
    const rows: ExampleRowV1[] = [];
    for await (const row of file.rows) if (rows.push(row) === limit) break;
    return this.imports.preview(ctx, { name, rows });
  }

  /** Resolves to how many rows there were. */
  private async bring(ctx: RequestContext, id: string, { rows, columns }: FileRows): Promise<number> {
    let count = 0;
    let underWay: Promise<void> = Promise.resolve();
    for await (const { first, rows: chunk } of rowChunks(rows, EXAMPLES_CHUNK_MAX_ROWS)) {
      await underWay;
      this.refuseWhileDraining();
      count = first + chunk.length;
      const message = { id, first, rows: chunk, ...(columns && { columns }) };
      underWay = withPatience(() => this.imports.append(ctx, message));
      // It is waited for with the next piece.
      underWay.catch(() => undefined);
    }
    await underWay;
    return count;
  }

  private refuseWhileDraining(): void {
    if (!this.drain.draining) return;
    const message = 'The gateway is stopping, and nothing of the file was added. Send it again.';
    throw new ServiceUnavailableError(message, { details: { retryAfterS: 1 } });
  }

  private async abort(ctx: RequestContext, id: string): Promise<void> {
    try {
      await this.imports.abort(ctx, id);
    } catch (err) {
      // The registry gives it up by itself when no more rows come.
      this.logger.warn({ err, importId: id, traceId: ctx.traceId }, 'Could not end an import that did not come whole.');
    }
  }
}

async function* digested(bytes: AsyncIterable<Buffer>, digest: ReturnType<typeof createHash>): AsyncGenerator<Buffer> {
  for await (const piece of bytes) {
    digest.update(piece);
    yield piece;
  }
}
