import { waitUntil } from '@dspy-nest/embedded';
import type { ScriptedModelServer } from '@dspy-nest/testing';
import { createProgram } from '../start/gateway-client';
import { judge, type Violation } from './judge/judge';
import { Load } from './load/load';
import type { Random } from './load/random';
import type { Budget, Scenario, Stage } from './scenario';
import { NONCE_SIGNATURE } from './suite/nonce-model';
import type { Suite } from './suite/suite';

const QUIET_TIMEOUT_MS = 90_000;
const LOOK_MS = 250;

/** What came of a scenario. */
export interface Outcome {
  readonly scenario: Scenario;
  readonly budget: Budget;
  readonly violations: readonly Violation[];
  readonly executions: number;
  /** How many of them more than one worker began with. */
  readonly runAgain: number;
  /** Why clients had to ask again, and how often. */
  readonly reasons: ReadonlyMap<string, number>;
  readonly remarks: readonly string[];
  readonly elapsedMs: number;
}

/** What a scenario is played with. */
export interface Players {
  readonly suite: Suite;
  readonly model: ScriptedModelServer;
  readonly random: Random;
  readonly say: (text: string) => void;
}

/** Plays one scenario on a running suite, waits until all is quiet and judges what is left. */
export async function play(scenario: Scenario, budget: Budget, players: Players): Promise<Outcome> {
  const startedAtMs = Date.now();
  const { suite, random } = players;
  const program = `${scenario.name}-${startedAtMs.toString(36)}`;
  for (const url of suite.gatewayUrls.slice(0, 1)) {
    await createProgram(url, { name: program, signature: NONCE_SIGNATURE });
  }
  const load = new Load(suite.gatewayUrls, program, random);
  const remarks: string[] = [];
  const stage: Stage = { ...players, load, program, remark: (text) => void remarks.push(text) };
  const found = await scenario.run(stage, budget);
  await load.settled();
  await quiet(suite);
  const evidence = await suite.evidence.read(program);
  return {
    scenario,
    budget,
    violations: [...found, ...judge(load.wishes, evidence, scenario.allowance)],
    executions: evidence.executions.length,
    runAgain: evidence.executions.filter(({ attempt }) => attempt > 1).length,
    reasons: load.client.reasons,
    remarks,
    elapsedMs: Date.now() - startedAtMs,
  };
}

// What is not quiet by then the judge names.
async function quiet({ evidence }: Suite): Promise<void> {
  const isQuiet = async (): Promise<boolean> => {
    const { open, jobs, outbox } = await evidence.unfinished();
    return open + jobs + outbox === 0;
  };
  await waitUntil(isQuiet, { timeoutMs: QUIET_TIMEOUT_MS, intervalMs: LOOK_MS });
}
