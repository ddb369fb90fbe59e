import { join } from 'node:path';
import { readJsonLine, type ChildProcesses } from './child-processes';
import { MEASURED_CALLS, OUTPUTS, PAUSE_MS, SIGNATURE, WARM_UP_CALLS } from './workload';

/** Latencies of bare DSPy in milliseconds, and what it ran on. */
export interface BareResult {
  readonly backToBackMs: readonly number[];
  readonly pacedMs: readonly number[];
  readonly python: string;
  readonly dspy: string;
}

/** Runs bare DSPy against the model at `modelUrl`; throws BenchProcessError with its last output when it fails. */
export async function measureBare(processes: ChildProcesses, modelUrl: string): Promise<BareResult> {
  const task = {
    apiBase: modelUrl,
    signature: SIGNATURE,
    outputs: OUTPUTS,
    warmUpCalls: WARM_UP_CALLS,
    measuredCalls: MEASURED_CALLS,
    pauseMs: PAUSE_MS,
  };
  const command = [join('.venv', 'bin', 'python'), join('scripts', 'bench', 'bare.py'), JSON.stringify(task)];
  // DSPy's price list must not be fetched from the network.
  const started = processes.start(command, { ...process.env, LITELLM_LOCAL_MODEL_COST_MAP: 'true' });
  return (await readJsonLine(started)) as BareResult;
}
