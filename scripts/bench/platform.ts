import { findFreePort } from '@dspy-nest/embedded';
import { waitForReady } from '../start/gateway-client';
import { BenchProcessError, type ChildProcesses } from './child-processes';
import { BenchAnswerError, PlatformClient, type Timing } from './platform-client';
import { MEASURED_CALLS, WARM_UP_CALLS } from './workload';

const READY_TIMEOUT_MS = 180_000;

/** Latencies of the platform as its caller sees them, the timing in its answers, and how many executions are stored. */
export interface PlatformResult {
  readonly latenciesMs: readonly number[];
  readonly timings: readonly Timing[];
  readonly stored: number;
}

/** Starts the whole suite in `home` on the model at `modelUrl` and waits until it is ready; answers the gateway's URL. */
export async function startPlatform(processes: ChildProcesses, modelUrl: string, home: string): Promise<string> {
  const port = await findFreePort();
  const node = [process.execPath, '--import', './scripts/register-typescript.mjs'];
  const { child, lastErrors } = processes.start([...node, 'scripts/start/main.ts', '--empty'], {
    ...process.env,
    // Whatever the operator has set for a suite of their own is not what is measured.
    DATABASE_URL: '',
    NATS_URL: '',
    REDIS_URL: '',
    HOST: '',
    DSPY_NEST_WORKERS: '',
    LOG_LEVEL: '',
    PORT: String(port),
    DSPY_NEST_HOME: home,
    DSPY_NEST_LM_BASE_URL: modelUrl,
    DSPY_NEST_LM_MODEL: 'gpt-4o-mini',
    DSPY_NEST_LM_API_KEY: 'bench',
  });
  child.stdout?.resume();
  const ended = new AbortController();
  child.once('exit', () => ended.abort());
  const gateway = `http://127.0.0.1:${port}`;
  await waitForReady(`${gateway}/readyz`, { timeoutMs: READY_TIMEOUT_MS, signal: ended.signal });
  if (ended.signal.aborted) throw new BenchProcessError(`The suite ended before it was ready:\n${lastErrors()}`);
  return gateway;
}

/** Executes one after the other and counts what was stored; throws BenchAnswerError on a wrong answer or a lost one. */
export async function measurePlatform(gateway: string): Promise<PlatformResult> {
  const client = new PlatformClient(gateway);
  try {
    await client.createProgram();
    const runs = [];
    for (let call = 0; call < WARM_UP_CALLS + MEASURED_CALLS; call += 1) runs.push(await client.execute(call));
    const stored = await client.storedIds();
    const lost = runs.filter(({ id }) => !stored.has(id));
    if (lost.length > 0) throw new BenchAnswerError(`${lost.length} of ${runs.length} executions are not stored.`);
    const measured = runs.slice(WARM_UP_CALLS);
    return {
      latenciesMs: measured.map(({ latencyMs }) => latencyMs),
      timings: measured.map(({ timing }) => timing),
      stored: stored.size,
    };
  } finally {
    client.close();
  }
}
