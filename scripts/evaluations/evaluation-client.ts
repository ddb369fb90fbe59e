import { setTimeout as pause } from 'node:timers/promises';
import type { EvaluationExample, EvaluationResultV1, EvaluationV1 } from '@dspy-nest/contracts';

const ATTEMPTS = 120;
const PAUSE_MS = 500;
const TIMEOUT_MS = 10_000;

/** A client of evaluations that asks again until it is answered, as it must while servers are killed. */
export class EvaluationClient {
  private readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** Makes a metric by which the answer must be the same text. */
  async createMetric(name: string, field: string): Promise<void> {
    await this.ask('POST', '/v1/metrics', { name, definition: { kind: 'exact', field } });
  }

  /** Starts an evaluation, once however often it has to ask. */
  async create(request: {
    program: string;
    metric: string;
    examples: readonly EvaluationExample[];
    key: string;
  }): Promise<EvaluationV1> {
    const { key, ...body } = request;
    return JSON.parse(await this.ask('POST', '/v1/evaluations', body, { 'idempotency-key': key })) as EvaluationV1;
  }

  /** Waits until an evaluation is over, calling back with how it stands. */
  async ended(id: string, look: (evaluation: EvaluationV1) => void): Promise<EvaluationV1> {
    for (;;) {
      const evaluation = JSON.parse(await this.ask('GET', `/v1/evaluations/${id}`)) as EvaluationV1;
      look(evaluation);
      if (evaluation.finishedAt !== null) return evaluation;
      await pause(PAUSE_MS);
    }
  }

  async results(id: string): Promise<EvaluationResultV1[]> {
    const lines = (await this.ask('GET', `/v1/evaluations/${id}/results`)).trim().split('\n');
    return lines.map((line) => JSON.parse(line) as EvaluationResultV1);
  }

  private async ask(
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<string> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const response = await fetch(`${this.url}${path}`, {
          method,
          headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
          ...(body && { body: JSON.stringify(body) }),
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        const text = await response.text();
        if (response.ok) return text;
        throw new Error(`${method} ${path} was answered ${response.status}: ${text.slice(0, 500)}`);
      } catch (error) {
        if (attempt === ATTEMPTS) throw error;
      }
      await pause(PAUSE_MS);
    }
  }
}
