import { request } from 'node:http';
import type { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import type { DatasetV1, ExamplesAppendedV1 } from '@dspy-nest/contracts';

/** A dataset that is made. */
interface NewDataset {
  readonly name: string;
  readonly splits?: DatasetV1['splits'];
}

/** Asks a gateway for what has to do with datasets. */
export class DatasetClient {
  private readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** Makes a signature, and datasets typed by it. */
  async make(signature: string, definition: string, ...datasets: NewDataset[]): Promise<void> {
    await this.post('/v1/signatures', { name: signature, definition });
    for (const dataset of datasets) await this.post('/v1/datasets', { ...dataset, signature });
  }

  read(name: string): Promise<DatasetV1> {
    return this.ok(fetch(`${this.url}/v1/datasets/${name}`)).then((response) => response.json() as Promise<DatasetV1>);
  }

  /** Sends a file as fast as it is taken; bad rows are left out. */
  async import(name: string, file: Readable, contentType = 'text/csv'): Promise<ExamplesAppendedV1> {
    const answer = new Promise<{ status: number; body: unknown }>((resolve, reject) => {
      const sent = request(`${this.url}/v1/datasets/${name}/imports?onInvalid=skip`, {
        method: 'POST',
        headers: { 'content-type': contentType },
      });
      sent.on('response', (response) => {
        json(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
      });
      sent.on('error', reject);
      file.on('error', (error) => sent.destroy(error));
      file.pipe(sent);
    });
    const { status, body } = await answer;
    if (status === 200) return body as ExamplesAppendedV1;
    throw new Error(`The import was answered ${status}: ${JSON.stringify(body).slice(0, 1_000)}`);
  }

  /** The content of a dataset as a file. */
  async export(name: string, format: 'csv' | 'jsonl'): Promise<ReadableStream<Uint8Array>> {
    const response = await this.ok(fetch(`${this.url}/v1/datasets/${name}/export?format=${format}`));
    if (response.body === null) throw new Error('The export has no content.');
    return response.body;
  }

  private async post(path: string, body: object): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    await this.ok(fetch(`${this.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) }));
  }

  private async ok(asked: Promise<Response>): Promise<Response> {
    const response = await asked;
    if (response.ok) return response;
    throw new Error(`${response.url} was answered ${response.status}: ${(await response.text()).slice(0, 1_000)}`);
  }
}
