import { join } from 'node:path';
import { findFreePort, waitUntil } from '@dspy-nest/embedded';
import { BenchAnswerError } from '../bench.errors';
import { requestText } from '../load/http-connection';
import type { HttpMessage } from '../load/http-messages';
import type { BenchProcess, ChildProcesses } from '../processes/child-processes';
import { answerOf, CONFIDENCE, nextNonce, questionOf, SIGNATURE } from '../workload';
import { pythonEnvironment } from './python-environment';
import { httpSeries, type Series } from './series';

const READY_TIMEOUT_MS = 60_000;

/** DSPy behind FastAPI, in a process of its own. */
export class FastapiPeer {
  readonly process: BenchProcess;
  private readonly port: number;

  private constructor(process: BenchProcess, port: number) {
    this.process = process;
    this.port = port;
  }

  /** Starts it on the model of this name and waits until it serves; throws BenchProcessError. */
  static async start(processes: ChildProcesses, modelUrl: string, model: string): Promise<FastapiPeer> {
    const port = await findFreePort();
    const task = JSON.stringify({ port, apiBase: modelUrl, model, signature: SIGNATURE });
    const program = join('scripts', 'bench', 'series', 'fastapi_peer.py');
    const started = processes.start([join('.venv', 'bin', 'python'), program, task], pythonEnvironment());
    let ended = false;
    started.child.once('exit', () => (ended = true));
    const isReady = async () => ended || (await fetch(`http://127.0.0.1:${port}/ready`)).ok;
    const settled = await waitUntil(isReady, { timeoutMs: READY_TIMEOUT_MS });
    if (ended || !settled) throw started.failure('did not serve');
    return new FastapiPeer(started, port);
  }

  /** Calls over HTTP. */
  series(name: string): Series {
    return httpSeries(name, this.port, () => {
      const nonce = nextNonce();
      return {
        request: requestText('POST', this.port, '/executions', { question: questionOf(nonce) }),
        check: (answer) => checkAnswer(answer, nonce),
      };
    });
  }
}

function checkAnswer({ head, body }: HttpMessage, nonce: string): void {
  const wanted = JSON.stringify({ answer: answerOf(nonce), confidence: CONFIDENCE });
  if (body !== wanted) throw new BenchAnswerError(`FastAPI answered ${head}\n${body} instead of ${wanted}.`);
}
