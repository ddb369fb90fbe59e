import { join } from 'node:path';
import type { LoadResult, Window } from '../load/closed-loop';
import type { BenchProcess, ChildProcesses } from '../processes/child-processes';
import { ANSWER, CONFIDENCE, KNOWN_MODEL, QUESTION, SIGNATURE } from '../workload';
import { pythonEnvironment } from './python-environment';
import type { Series } from './series';

/** What bare DSPy runs on. */
export interface Versions {
  readonly python: string;
  readonly dspy: string;
}

/** DSPy without anything around it, in a Python process of its own. */
export class BareDspy {
  readonly process: BenchProcess;
  readonly versions: Versions;

  private constructor(process: BenchProcess, versions: Versions) {
    this.process = process;
    this.versions = versions;
  }

  /** Starts it on the model at `modelUrl`. */
  static async start(processes: ChildProcesses, modelUrl: string): Promise<BareDspy> {
    const texts = { signature: SIGNATURE, question: QUESTION, answer: ANSWER, confidence: CONFIDENCE };
    const task = JSON.stringify({ apiBase: modelUrl, model: KNOWN_MODEL, ...texts });
    const program = join('scripts', 'bench', 'series', 'bare.py');
    const started = processes.start([join('.venv', 'bin', 'python'), program, task], pythonEnvironment());
    return new BareDspy(started, (await started.nextJson()) as Versions);
  }

  /** Calls in as many threads as there are callers, each with a rest of `pauseMs` before each call. */
  series(name: string, pauseMs: number): Series {
    return { name, load: (concurrency, window) => this.load(concurrency, pauseMs, window) };
  }

  private async load(threads: number, pauseMs: number, window: Window): Promise<LoadResult> {
    const { warmUpMs, measuredMs, onOpen, onClose } = window;
    this.process.send({ threads, pauseMs, warmUpS: warmUpMs / 1000, measuredS: measuredMs / 1000 });
    await this.process.nextJson();
    onOpen?.();
    await this.process.nextJson();
    onClose?.();
    return (await this.process.nextJson()) as LoadResult;
  }
}
