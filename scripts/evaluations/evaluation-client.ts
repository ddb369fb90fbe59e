import { setTimeout as pause } from 'node:timers/promises';
import type { EvaluationExample, EvaluationResultV1, EvaluationV1 } from '@dspy-nest/contracts';
import { askPatiently } from './patient-http';

const PAUSE_MS = 500;

/** A client of evaluations that asks again until it is answered, as it must while servers are killed. */
export class EvaluationClient {
  private readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** Makes a metric by which the answer must be the same text. */
  async createMetric(name: string, field: string): Promise<void> {
    const body = { name, definition: { kind: 'exact', field } };
    await askPatiently(this.url, { method: 'POST', path: '/v1/metrics', body });
  }

  /** Starts an evaluation, once however often it has to ask. */
  async create(request: {
    program: string;
    metric: string;
    examples: readonly EvaluationExample[];
    key: string;
  }): Promise<EvaluationV1> {
    const { key, ...body } = request;
    const headers = { 'idempotency-key': key };
    const answer = await askPatiently(this.url, { method: 'POST', path: '/v1/evaluations', body, headers });
    return JSON.parse(answer) as EvaluationV1;
  }

  /** Waits until an evaluation is over, calling back with how it stands. */
  async ended(id: string, look: (evaluation: EvaluationV1) => void): Promise<EvaluationV1> {
    for (;;) {
      const evaluation = JSON.parse(await this.read(`/v1/evaluations/${id}`)) as EvaluationV1;
      look(evaluation);
      if (evaluation.finishedAt !== null) return evaluation;
      await pause(PAUSE_MS);
    }
  }

  async results(id: string): Promise<EvaluationResultV1[]> {
    const lines = (await this.read(`/v1/evaluations/${id}/results`)).trim().split('\n');
    return lines.map((line) => JSON.parse(line) as EvaluationResultV1);
  }

  private read(path: string): Promise<string> {
    return askPatiently(this.url, { method: 'GET', path });
  }
}
