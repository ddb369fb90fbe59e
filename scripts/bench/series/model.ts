import { join } from 'node:path';
import { BenchAnswerError } from '../bench.errors';
import { HttpConnection, requestText } from '../load/http-connection';
import { statusOf } from '../load/http-messages';
import type { BenchProcess, ChildProcesses } from '../processes/child-processes';
import { answerOf, KNOWN_MODEL, nextNonce, questionOf } from '../workload';
import { httpSeries, type Series } from './series';

const PATH = '/v1/chat/completions';
// As long as DSPy's prompt for this signature, so that reading it costs as much.
const PROMPT_CHARS = 900;

/** The scripted model server, which all sides call. */
export class ScriptedModel {
  readonly process: BenchProcess;
  readonly port: number;

  private constructor(process: BenchProcess, port: number) {
    this.process = process;
    this.port = port;
  }

  /** Starts it as a process of its own: inside of the caller it would compete with it for one thread. */
  static async start(processes: ChildProcesses): Promise<ScriptedModel> {
    const program = join('scripts', 'bench', 'model', 'main.ts');
    const started = processes.start(
      [process.execPath, '--import', './scripts/register-typescript.mjs', program],
      process.env,
    );
    return new ScriptedModel(started, ((await started.nextJson()) as { port: number }).port);
  }

  /** The base URL that clients are given. */
  get url(): string {
    return `http://127.0.0.1:${this.port}/v1`;
  }

  /** Sets how long it waits before each answer from now on. */
  setDelay(delayMs: number): Promise<void> {
    return this.set('delay', delayMs);
  }

  /** Sets how long it waits between the words of a streamed answer from now on. */
  setPace(paceMs: number): Promise<void> {
    return this.set('pace', paceMs);
  }

  /** The request of one call with a question of its own. */
  call(nonce: string, stream: boolean): string {
    const messages = [{ role: 'user', content: `${'x'.repeat(PROMPT_CHARS)}${questionOf(nonce)}` }];
    return requestText('POST', this.port, PATH, { model: KNOWN_MODEL, messages, stream });
  }

  /** The model server alone, to see that it is not what limits the others. */
  series(name: string, { stream }: { stream: boolean }): Series {
    return httpSeries(name, this.port, () => {
      const nonce = nextNonce();
      return {
        request: this.call(nonce, stream),
        check: ({ body }) => {
          // Streamed, the answer comes in pieces, of which the last word is one.
          const wanted = stream ? ` ${nonce}"` : answerOf(nonce);
          if (!body.includes(wanted)) throw new BenchAnswerError(`The model did not answer ${wanted}: ${body}`);
        },
      };
    });
  }

  private async set(what: 'delay' | 'pace', ms: number): Promise<void> {
    const connection = await HttpConnection.open(this.port);
    const request = `PUT /${what} HTTP/1.1\r\nContent-Length: ${String(ms).length}\r\n\r\n${ms}`;
    const answer = await connection.exchange(request);
    connection.close();
    if (statusOf(answer) !== 204) throw new BenchAnswerError(`The model did not take the ${what}: ${answer.head}`);
  }
}
