import { Agent, request } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { OUTPUTS, questionOf, SIGNATURE } from './workload';

const PROGRAM = 'bench';
const PAGE_SIZE = 200;

/** Where the time of one execution went, in milliseconds, as the platform says. */
export interface Timing {
  readonly queueMs: number;
  readonly workerMs: number;
  readonly lmMs: number;
  readonly overheadMs: number;
}

interface Execution {
  readonly id: string;
  readonly status: string;
  readonly outputs: unknown;
  readonly cached: boolean;
  readonly timing: Timing;
}

/** The platform answered otherwise than the benchmark needs it: its numbers would mean nothing. */
export class BenchAnswerError extends Error {
  readonly code = 'bench_answer';
}

/** One caller on one connection, which is kept open. */
export class PlatformClient {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });
  private readonly gateway: string;

  constructor(gateway: string) {
    this.gateway = gateway;
  }

  /** Creates the program with the prompt format that bare DSPy uses. */
  async createProgram(): Promise<void> {
    await this.call('POST', '/v1/programs', 201, { name: PROGRAM, signature: SIGNATURE, format: 'chat' });
  }

  /** Runs the program once and checks the answer; latency from sending to the whole answer read. */
  async execute(call: number): Promise<{ id: string; latencyMs: number; timing: Timing }> {
    const inputs = { question: questionOf(call) };
    const { latencyMs, body } = await this.call('POST', `/v1/programs/${PROGRAM}/executions`, 200, { inputs });
    const { id, status, outputs, cached, timing } = JSON.parse(body) as Execution;
    if (status === 'succeeded' && !cached && isDeepStrictEqual(outputs, OUTPUTS)) return { id, latencyMs, timing };
    throw new BenchAnswerError(`Call ${call} was not answered by ${JSON.stringify(OUTPUTS)} of its own: ${body}`);
  }

  /** Ids of all executions that are stored as succeeded. */
  async storedIds(): Promise<Set<string>> {
    const ids = new Set<string>();
    let cursor: string | null = null;
    do {
      const query = new URLSearchParams({ limit: String(PAGE_SIZE), ...(cursor !== null && { cursor }) });
      const page = JSON.parse((await this.call('GET', `/v1/executions?${query.toString()}`, 200)).body) as Page;
      for (const { id, status } of page.items) if (status === 'succeeded') ids.add(id);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return ids;
  }

  /** Closes the connection. */
  close(): void {
    this.agent.destroy();
  }

  private async call(method: string, path: string, expected: number, content?: object): Promise<Answer> {
    const startedAtMs = performance.now();
    const { status, body } = await this.send(method, path, content && JSON.stringify(content));
    const latencyMs = performance.now() - startedAtMs;
    if (status === expected) return { latencyMs, body };
    throw new BenchAnswerError(`${method} ${path} was answered by ${status} instead of ${expected}: ${body}`);
  }

  private send(method: string, path: string, content?: string): Promise<{ status?: number; body: string }> {
    const headers = content !== undefined && {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(content),
    };
    return new Promise((resolve, reject) => {
      const sent = request(`${this.gateway}${path}`, { method, agent: this.agent, headers: { ...headers } });
      sent.on('error', reject).on('response', (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
        response.on('error', reject).on('end', () => resolve({ status: response.statusCode, body }));
      });
      sent.end(content);
    });
  }
}

interface Answer {
  readonly latencyMs: number;
  readonly body: string;
}

interface Page {
  readonly items: readonly { readonly id: string; readonly status: string }[];
  readonly nextCursor: string | null;
}
