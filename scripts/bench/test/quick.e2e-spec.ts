import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LatencyResult } from '../latency/measure-latency';
import { QUICK_PLAN, SERIES, stepsOf } from '../latency/plan';

const folder = mkdtempSync(join(tmpdir(), 'dspy-nest-bench-test-'));
const run = promisify(execFile);

afterAll(() => rmSync(folder, { recursive: true, force: true }));
jest.setTimeout(240_000);

it('measures all sides on real servers, loses no execution and leaves nothing behind', async () => {
  const json = join(folder, 'figures.json');
  const program = ['--import', './scripts/register-typescript.mjs', 'scripts/bench/main.ts', '--quick', '--json', json];
  const { stdout } = await run(process.execPath, program, { env: { ...process.env, TMPDIR: folder } });
  const { measurements, executions } = JSON.parse(readFileSync(json, 'utf8')) as LatencyResult;
  expect(measurements.map(({ series }) => series)).toEqual(stepsOf(QUICK_PLAN).map(({ name }) => name));
  for (const { latencyMs, cpuMsPerCall } of measurements) {
    expect(latencyMs.p99).toBeGreaterThanOrEqual(latencyMs.p50);
    expect(Object.values(cpuMsPerCall).every((ms) => ms > 0)).toBe(true);
  }
  const ofPlatform = measurements.filter(({ series }) => series === SERIES.platform);
  for (const name of ['execution', 'worker-1', 'load']) {
    expect(ofPlatform.flatMap(({ cpuMsPerCall }) => Object.keys(cpuMsPerCall))).toContain(name);
  }
  expect(executions.answered).toBeGreaterThan(0);
  expect(executions.lost).toBe(0);
  expect(stdout).toContain('## Verdicts');
  expect(readdirSync(folder)).toEqual(['figures.json']);
});
