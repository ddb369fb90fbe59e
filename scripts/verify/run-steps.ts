import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { countJest, countJunit, type StepResult, type TestCounts, type VerificationStep } from './verification-step';

const KILL_AFTER_MS = 15_000;
const running = new Set<ChildProcess>();

// Without this a stopped `npm test` would leave Jest and its servers running.
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    for (const child of running) child.kill(signal);
    process.exit(1);
  });
}

/** Runs steps, up to `lanes` at a time in the given order, and prints what each did when it ended. */
export async function runSteps(steps: readonly VerificationStep[], lanes: number): Promise<StepResult[]> {
  const waiting = [...steps];
  const results: StepResult[] = [];
  const lane = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const result = await runStep(step);
      results.push(result);
      printResult(result);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}

async function runStep(step: VerificationStep): Promise<StepResult> {
  const folder = mkdtempSync(join(tmpdir(), 'dspy-nest-report-'));
  const reportFile = join(folder, 'report');
  const startedAtMs = Date.now();
  try {
    const { ok, output } = await runCommand(step, reportFile);
    const counts = countTests(step, reportFile);
    // A tool can fail with all its tests green, for example by a crash after the last.
    const failed = ok ? counts.failed : Math.max(counts.failed, 1);
    const { title } = step;
    return { ...counts, title, failed, ok: ok && failed === 0, elapsedMs: Date.now() - startedAtMs, output };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runCommand(step: VerificationStep, reportFile: string): Promise<{ ok: boolean; output: string }> {
  const [program = '', ...args] = step.command.map((part) => part.replace('{report}', reportFile));
  return new Promise((done) => {
    let output = '';
    const env = { ...process.env, ...step.env };
    const child = spawn(program, args, { cwd: resolve(step.cwd ?? '.'), env, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    const keep = (chunk: Buffer) => void (output += chunk.toString());
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const late = setTimeout(() => {
      output += `\nNot done within ${step.timeoutMs / 1000} s: stopped.`;
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS).unref();
    }, step.timeoutMs);
    const end = (ok: boolean) => {
      clearTimeout(late);
      running.delete(child);
      done({ ok, output });
    };
    child.on('error', (error) => {
      output += error.message;
      end(false);
    });
    child.on('exit', (code) => setImmediate(() => end(code === 0)));
  });
}

function countTests({ report }: VerificationStep, file: string): TestCounts {
  if (report === undefined) return { passed: 0, failed: 0, failures: [] };
  if (!existsSync(file)) return { passed: 0, failed: 1, failures: [] };
  const text = readFileSync(file, 'utf8');
  return report === 'jest' ? countJest(text) : countJunit(text);
}

function printResult({ title, ok, passed, failed, elapsedMs, output }: StepResult): void {
  const counts = passed + failed > 0 ? `, ${passed} passed, ${failed} failed` : '';
  process.stdout.write(`${ok ? 'ok    ' : 'FAILED'} ${title} (${(elapsedMs / 1000).toFixed(1)} s${counts})\n`);
  if (!ok) process.stdout.write(`${output.trimEnd()}\n`);
}
