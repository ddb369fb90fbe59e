import { BenchAnswerError } from '../bench.errors';
import { HttpConnection, requestText } from '../load/http-connection';
import { statusOf, type HttpMessage } from '../load/http-messages';
import { answerOf, CONFIDENCE, SIGNATURE } from '../workload';

const PAGE_SIZE = 200;

/** Where the time of one execution went, in milliseconds, as the platform says. */
export interface Timing {
  readonly totalMs: number;
  readonly queueMs: number;
  readonly workerMs: number;
  readonly lmMs: number;
}

interface Execution {
  readonly id: string;
  readonly status: string;
  readonly outputs: { readonly answer: string; readonly confidence: number };
  readonly cached: boolean;
  readonly timing: Timing;
}

/** A page of executions. */
export interface Page {
  readonly items: readonly { readonly id: string; readonly status: string }[];
  readonly nextCursor: string | null;
}

/** One client of the gateway, which connects for each call: the gateway ends connections that rest. */
export class PlatformClient {
  readonly port: number;

  constructor(port: number) {
    this.port = port;
  }

  /** Creates a program, with the prompt format that DSPy has by default unless `more` says otherwise; gives its id. */
  async createProgram(name: string, more: { model?: string; adapter?: string; format?: string } = {}): Promise<string> {
    const program = { name, signature: SIGNATURE, format: 'chat', ...more };
    const { body } = await this.call('POST', '/v1/programs', 201, program);
    return (JSON.parse(body) as { id: string }).id;
  }

  /** Creates a model at `baseUrl` that is called by `wireName`. */
  async createModel(name: string, wireName: string, baseUrl: string): Promise<void> {
    await this.call('POST', '/v1/models', 201, { name, model: wireName, baseUrl, apiKey: 'bench' });
  }

  /** Ids of all executions that are stored as succeeded. */
  async storedIds(): Promise<Set<string>> {
    const ids = new Set<string>();
    let cursor: string | null = null;
    do {
      const page: Page = await this.page({ limit: String(PAGE_SIZE), ...(cursor !== null && { cursor }) });
      for (const { id, status } of page.items) if (status === 'succeeded') ids.add(id);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return ids;
  }

  /** A page of executions. */
  async page(query: Readonly<Record<string, string>>): Promise<Page> {
    const answer = await this.call('GET', `/v1/executions?${new URLSearchParams(query).toString()}`, 200);
    return JSON.parse(answer.body) as Page;
  }

  private async call(method: string, path: string, expected: number, content?: object): Promise<HttpMessage> {
    const connection = await HttpConnection.open(this.port);
    try {
      return checkStatus(await connection.exchange(requestText(method, this.port, path, content)), expected);
    } finally {
      connection.close();
    }
  }
}

/** The answer itself; throws BenchAnswerError when it has another status. */
export function checkStatus(answer: HttpMessage, expected: number): HttpMessage {
  if (statusOf(answer) === expected) return answer;
  throw new BenchAnswerError(`The platform answered ${answer.head}\n${answer.body}\ninstead of status ${expected}.`);
}

/** The execution of an answer; throws BenchAnswerError when it is not the right answer to the question with this nonce. */
export function readExecution(answer: HttpMessage, nonce: string): Execution {
  const execution = JSON.parse(checkStatus(answer, 200).body) as Execution;
  const { status, cached, outputs } = execution;
  const isRight = outputs?.answer === answerOf(nonce) && outputs.confidence === CONFIDENCE;
  if (status === 'succeeded' && !cached && isRight) return execution;
  throw new BenchAnswerError(`The platform did not answer "${answerOf(nonce)}" of its own: ${answer.body}`);
}
