import type { SupervisedChild } from '@dspy-nest/embedded';
import { median } from '../bench/figures/percentile';
import { ProcessWatch } from '../bench/processes/process-watch';
import type { Suite } from '../faults/suite/suite';
import { collectGarbage } from '../soak/garbage-collection';
import { executeProgram, registerProgram } from './api';
import { untilDescribed, untilTyped } from './swaps';

const MEASURED = ['gateway', 'registry', 'execution'] as const;
const TOGETHER = 4;

/** How many programs there are, and how much is measured with so many. */
export interface Step {
  readonly programs: number;
  readonly registrations: number;
  readonly executions: number;
}

/** What was measured with so many programs. */
export interface StepFigures {
  readonly programs: number;
  /** From the answer of the registration to that of the first typed mutation that works, in milliseconds. */
  readonly typedMs: readonly number[];
  /** From the answer of the registration to a document of the API with the program's operation, in milliseconds. */
  readonly describedMs: readonly number[];
  /** Of an execution by REST, in milliseconds. */
  readonly executionMs: number;
  readonly memoryMib: Readonly<Record<string, number>>;
}

/** Registers programs up to a number, the last of them one after the other, and measures then. `have` is how many there are. */
export async function measureStep(suite: Suite, have: number, step: Step): Promise<StepFigures> {
  const url = suite.gatewayUrls[0]!;
  const names = Array.from({ length: step.programs - have }, (_, index) => `mood${have + index}`);
  const timed = names.splice(-step.registrations);
  while (names.length > 0) await Promise.all(names.splice(0, TOGETHER).map((name) => registerProgram(url, name)));
  const typedMs: number[] = [];
  const describedMs: number[] = [];
  for (const name of timed) {
    await registerProgram(url, name);
    const [typed, described] = await Promise.all([untilTyped(url, name), untilDescribed(url, name)]);
    typedMs.push(typed);
    describedMs.push(described);
  }
  const executionMs = await executionTime(url, step.executions);
  return { programs: step.programs, typedMs, describedMs, executionMs, memoryMib: await memoryOf(suite) };
}

async function executionTime(url: string, executions: number): Promise<number> {
  const tookMs: number[] = [];
  // The first quarter finds caches to be filled.
  for (let done = 0; done < executions * 1.25; done += 1) {
    const startMs = performance.now();
    await executeProgram(url, 'mood0');
    tookMs.push(performance.now() - startMs);
  }
  return median(tookMs.slice(-executions));
}

async function memoryOf(suite: Suite): Promise<Record<string, number>> {
  const children = MEASURED.flatMap((kind) => suite.members(kind));
  await Promise.all(children.map(collectGarbage));
  const watch = new ProcessWatch();
  for (const { name, pid } of children as (SupervisedChild & { pid: number })[]) watch.add(name, pid);
  return watch.memoryMib();
}
