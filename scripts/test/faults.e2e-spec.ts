import type { ScriptedModelServer } from '@dspy-nest/testing';
import { evaluated } from '../evaluations/evaluated';
import { Random } from '../faults/load/random';
import { play } from '../faults/play';
import { describeOutcome } from '../faults/report';
import { SCENARIOS } from '../faults/scenarios/list';
import type { Trend } from '../soak/flatness';
import { DEBUGGER_OPTION } from '../soak/garbage-collection';
import { soak } from '../soak/soak';
import { startNonceModel } from '../faults/suite/nonce-model';
import { killAndStart } from '../faults/suite/outages';
import { Suite } from '../faults/suite/suite';
import { removeTemporaryFolders, temporaryFolder } from './temporary-folder';

// What `npm run verify:faults` does at length, and with a suite for each scenario.
const SMALL = SCENARIOS.flatMap((scenario) => (scenario.small ? [{ scenario, budget: scenario.small }] : []));
const SIZE = { workers: 2, workerConcurrency: 16, replicas: 2, gateways: 2 };
const random = new Random(Date.now());
let model: ScriptedModelServer;
let suite: Suite;

beforeAll(async () => {
  model = await startNonceModel(random, { leastMs: 20, mostMs: 100 });
  const options = { root: process.cwd(), home: temporaryFolder(), modelUrl: model.url, size: SIZE };
  suite = await Suite.start({ ...options, nodeOptions: DEBUGGER_OPTION });
}, 150_000);

afterAll(async () => {
  await suite?.stop();
  await model?.stop();
  removeTemporaryFolders();
}, 60_000);

describe('nothing that was accepted is lost, and nothing ends twice', () => {
  it.each(SMALL.map((one) => [one.scenario.title, one] as const))(
    '%s',
    async (_title, { scenario, budget }) => {
      const outcome = await play(scenario, budget, { suite, model, random, say: () => undefined });
      // How soon is for `npm run verify:faults`, on a machine that does nothing else.
      const violations = outcome.violations.filter(({ rule }) => rule !== 'late-cancel');
      expect([violations, describeOutcome(outcome)]).toEqual([[], expect.any(String)]);
      expect(outcome.executions).toBe(budget.executions);
    },
    120_000,
  );
});

describe('a soak', () => {
  it('sees every process, queue and server, and loses nothing', async () => {
    let trends: readonly Trend[] = [];
    const scenario = soak({ minutes: 0.1, perSecond: 20, sampleEveryMs: 500 }, (all) => (trends = all));
    const outcome = await play(scenario, scenario.full, { suite, model, random, say: () => undefined });
    // Minutes are needed to tell growth from warming up.
    expect(outcome.violations.filter(({ rule }) => rule !== 'growth')).toEqual([]);
    expect(outcome.executions).toBe(120);
    const processes = suite.all().map(({ name }) => name);
    const held = trends.filter(({ highest }) => highest > 0).map(({ series }) => series.name);
    expect(held).toEqual(
      expect.arrayContaining(processes.flatMap((name) => [`memory of ${name}`, `files of ${name}`])),
    );
    // A queue may be empty whenever a busy machine looks.
    const seen = trends.map(({ series }) => series.name);
    expect(seen).toEqual(expect.arrayContaining(['executions open', 'jobs not acknowledged', 'Postgres connections']));
  }, 60_000);
});

describe('an evaluation', () => {
  it('counts each example once though a worker is killed', async () => {
    let isKilled = false;
    // Enough of them to run for longer than there is between two looks.
    const { faults } = await evaluated(suite, 400, ({ status }) => {
      if (isKilled || status !== 'running') return undefined;
      isKilled = true;
      return killAndStart(suite.members('worker')[0]!);
    });
    expect({ isKilled, faults }).toEqual({ isKilled: true, faults: [] });
  }, 60_000);
});
