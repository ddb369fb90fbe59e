import type {
  AddOptions,
  AppendedExamples,
  Dataset,
  Example,
  ExamplesQuery,
  ImportOptions,
  NewDataset,
  NewExample,
} from './dataset';
import type { ListQuery, Page } from './execution';
import type { WaitOptions } from './executions';
import type { Http } from './http';
import { newIdempotencyKey } from './idempotency-key';
import { queryText } from './query';

const EXAMPLES_LIMIT = 200;
// A file is read as it comes, and answered when all of it was.
const IMPORT_TIMEOUT_MS = 3_600_000;
const TYPES = { csv: 'text/csv', jsonl: 'application/x-ndjson' };

const pathOf = (name: string, rest = ''): string => `/v1/datasets/${encodeURIComponent(name)}${rest}`;

/** Datasets: examples typed by a signature, in versions that never change. */
export class Datasets {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** Makes a dataset without examples; rejects with ConflictError `name_conflict` when the name is taken. */
  create(
    dataset: NewDataset,
    { idempotencyKey, signal }: Pick<AddOptions, 'idempotencyKey' | 'signal'> = {},
  ): Promise<Dataset> {
    const headers = { 'idempotency-key': idempotencyKey ?? newIdempotencyKey() };
    return this.#http.send({ method: 'POST', path: '/v1/datasets', body: dataset, headers, repeatable: true, signal });
  }

  /** Reads a dataset in one version, or the newest. */
  get(name: string, { version, signal }: WaitOptions & { version?: number } = {}): Promise<Dataset> {
    const path = `${pathOf(name)}${queryText({ version })}`;
    return this.#http.send({ method: 'GET', path, repeatable: true, signal });
  }

  /** Reads a page, newest first unless `sort` says otherwise. */
  list({ filter, ...page }: ListQuery = {}, { signal }: WaitOptions = {}): Promise<Page<Dataset>> {
    const path = `/v1/datasets${queryText(page, filter)}`;
    return this.#http.send({ method: 'GET', path, repeatable: true, signal });
  }

  /** Adds at most 1,000 examples, which makes a version if any is new; rejects with InvalidRequestError `invalid_examples`. */
  add(name: string, examples: readonly NewExample[], options: AddOptions = {}): Promise<AppendedExamples> {
    const { idempotencyKey = newIdempotencyKey(), signal, ...rest } = options;
    const body = { ...rest, examples };
    const headers = { 'idempotency-key': idempotencyKey };
    return this.#http.send({
      method: 'POST',
      path: pathOf(name, '/examples'),
      body,
      headers,
      repeatable: true,
      signal,
    });
  }

  /**
   * Imports a file as one version. A Blob, such as of `fs.openAsBlob`, is sent again when the connection breaks; a stream is sent once,
   * as fast as it is read.
   */
  importFile(name: string, file: Blob | ReadableStream<Uint8Array>, options: ImportOptions): Promise<AppendedExamples> {
    const { format, columns = {}, onInvalid, dryRun, idempotencyKey = newIdempotencyKey(), signal } = options;
    const query = new URLSearchParams(queryText({ onInvalid, dryRun: dryRun === undefined ? dryRun : String(dryRun) }));
    for (const [field, column] of Object.entries(columns)) query.append('column', `${field}:${column}`);
    return this.#http.send({
      method: 'POST',
      path: `${pathOf(name, '/imports')}?${query.toString()}`,
      rows: file,
      headers: { 'idempotency-key': idempotencyKey, 'content-type': TYPES[format] },
      repeatable: file instanceof Blob,
      timeoutMs: IMPORT_TIMEOUT_MS,
      signal,
    });
  }

  /** Goes through the examples of a version, of one split or all, page by page. */
  async *examples(
    name: string,
    { version, split, after = 0, signal }: ExamplesQuery = {},
  ): AsyncGenerator<Example, void> {
    // The pages of a version never change, those of the newest do.
    const pinned = version ?? (await this.get(name, { signal })).version;
    for (let next: number | null = after; next !== null;) {
      const path = pathOf(
        name,
        `/examples${queryText({ version: pinned, split, after: next, limit: EXAMPLES_LIMIT })}`,
      );
      const page: { items: Example[]; nextAfter: number | null } = await this.#http.send({
        method: 'GET',
        path,
        repeatable: true,
        signal,
      });
      yield* page.items;
      next = page.nextAfter;
    }
  }
}
