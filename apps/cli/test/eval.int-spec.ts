import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { runCommand, type CommandRun } from './run-command';

const ID = '01990a4e-6b1c-7cc3-98a1-3f0e5b7c2d12';
const AT = '2026-01-05T09:00:00.000Z';
const QUEUED = {
  id: ID,
  program: 'route-ticket',
  version: 3,
  metric: 'right-team',
  metricVersion: 1,
  dataset: 'tickets',
  datasetVersion: 4,
  split: 'test',
  status: 'queued',
  error: null,
  counts: { total: 2, ended: 0, failed: 0, unscored: 0 },
  progress: { fraction: 0, examplesPerS: null, etaAt: null },
  usage: { costUsd: null },
  judgeUsage: null,
  summary: null,
  createdAt: AT,
  finishedAt: null,
};
const DONE = {
  ...QUEUED,
  status: 'completed',
  counts: { total: 2, ended: 2, failed: 0, unscored: 0 },
  progress: { fraction: 1, examplesPerS: 4, etaAt: null },
  summary: { score: 0.5, interval: { low: 0.09, high: 0.91, level: 0.95 }, latency: null, errors: [] },
  finishedAt: AT,
};
const result = { index: 0, exampleId: 'ab', inputs: {}, expected: {}, executionId: null, answer: {}, score: 1 };
const RESULTS = [result, { ...result, index: 1, score: 0 }].map((one) => ({ ...one, totalMs: 5, errorCode: null }));
const SCORE = 'route-ticket 3 by right-team 1 on tickets 4 (test): 0.500, 95 % interval 0.090 to 0.910\n2 examples\n';
const PROGRESS = 'queued: 0 of 2 examples\ncompleted: 2 of 2 examples, 4/s\n';

let folder: string;
let server: HttpServer;
let url: string;
let posted: { path: string; body: unknown }[];
/** How the evaluation stands at each look; the last goes on. */
let looks: object[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dspy-nest-cli-'));
  posted = [];
  looks = [QUEUED, DONE];
  server = createServer((request, response) => {
    const path = request.url ?? '';
    const answer = (body: string, status = 200): void => void response.writeHead(status).end(body);
    if (request.method === 'POST')
      void json(request)
        .catch(() => undefined)
        .then((body) => answer(JSON.stringify(QUEUED), posted.push({ path, body }) && 202));
    else if (path.endsWith('/results')) answer(RESULTS.map((one) => `${JSON.stringify(one)}\n`).join(''));
    else answer(JSON.stringify(looks.length > 1 ? looks.shift() : looks[0]));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});
jest.setTimeout(30_000);

const evaluate = (...args: string[]): Promise<CommandRun> =>
  runCommand(['eval', 'route-ticket', '--url', url, '--dataset', 'tickets', '--metric', 'right-team', ...args], {
    cwd: folder,
  });

describe('dspy-nest eval', () => {
  it('evaluates, tells how far it is, and then the score', async () => {
    const chosen = ['--split', 'test', '--dataset-version', '4', '--program-version', '3', '--level', '0.9'];
    expect(await evaluate(...chosen, '--min', '0.5')).toEqual({ exitCode: 0, stdout: SCORE, stderr: PROGRESS });
    const body = { dataset: 'tickets', metric: 'right-team', split: 'test', datasetVersion: 4, level: 0.9 };
    expect(posted).toEqual([{ path: '/v1/evaluations', body: { ...body, program: 'route-ticket', version: 3 } }]);
  });

  it('ends with 1 below the least score, and leaves a report that is XML', async () => {
    const { exitCode, stdout, stderr } = await evaluate('--min', '0.8', '--junit', 'reports/out.xml');
    const refusal = 'Not good enough: 0.500, 95 % interval 0.090 to 0.910; at least 0.8 is asked for.\n';
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 1, stdout: SCORE, stderr: PROGRESS + refusal });
    const count = 'import sys, xml.etree.ElementTree as x; s = x.parse(sys.argv[1]).getroot()[0]; print(s.attrib["tests"], len(s.findall("testcase")), len(s.findall("testcase/failure")))'; // prettier-ignore
    const read = execFileSync('python3', ['-c', count, join(folder, 'reports/out.xml')], { encoding: 'utf8' });
    expect(read).toBe('3 3 2\n');
  });

  it('writes the evaluation as JSON', async () => {
    expect(JSON.parse((await evaluate('--json')).stdout)).toEqual(DONE);
  });

  it('ends with 3 when the evaluation failed, and says why', async () => {
    const error = { code: 'not_evaluable', message: 'Example 3 has a "ticket" that is no string.' };
    looks = [{ ...DONE, status: 'failed', error }];
    const { exitCode, stderr } = await evaluate();
    expect([exitCode, stderr.split('\n').at(-2)]).toEqual([
      3,
      `Evaluation ${ID} is failed. not_evaluable: Example 3 has a "ticket" that is no string.`,
    ]);
  });

  it.each([
    ['a score above 1', ['--min', '80'], 'Write a number from 0 to 1, such as 0.8.'],
    ['a split that is none', ['--split', 'dev'], 'Allowed choices are train, validation, test.'],
    ['a version that is none', ['--dataset-version', '0'], 'Write a version, such as 3.'],
  ])('refuses %s', async (_, args, message) => {
    const { exitCode, stderr } = await evaluate(...args);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(posted).toEqual([]);
  });
});

describe('dspy-nest optimize', () => {
  const OPTIMIZER = { name: 'LabeledFewShot', settings: { k: 12 } };
  const running = {
    id: ID,
    program: 'route-ticket',
    version: 3,
    dataset: 'tickets',
    datasetVersion: 4,
    metric: 'right-team',
    metricVersion: 1,
    optimizer: OPTIMIZER,
    seed: 7,
    status: 'running',
    error: null,
    progress: { trials: 1, planned: 2, fraction: 0.5, etaAt: null },
    parentScore: 0.3,
    best: { trial: 1, score: 0.3 },
    candidateVersion: null,
    conclusion: null,
    calls: 40,
    usage: { costUsd: null },
    finishedAt: null,
  };
  const done = {
    ...running,
    status: 'completed',
    progress: { trials: 2, planned: 2, fraction: 1, etaAt: null },
    best: { trial: 2, score: 0.5 },
    conclusion: 'The candidate is not shown to be better.',
    finishedAt: AT,
  };
  const optimize = (...args: string[]): Promise<CommandRun> => {
    const subject = ['optimize', 'route-ticket', '--url', url, '--dataset', 'tickets', '--metric', 'right-team'];
    return runCommand([...subject, '--optimizer', 'LabeledFewShot', '--set', 'k=12', '--seed', '7', ...args], {
      cwd: folder,
    });
  };

  it('orders an optimisation, watches it, and tells what is shown', async () => {
    looks = [running, done];
    const { exitCode, stdout, stderr } = await optimize('--watch');
    expect(stderr).toBe(
      'running: 1 of 2 trials, best 0.300 (was 0.300)\ncompleted: 2 of 2 trials, best 0.500 (was 0.300)\n',
    );
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/not shown to be better\.\n$/)]);
    const body = { program: 'route-ticket', dataset: 'tickets', metric: 'right-team', seed: 7, optimizer: OPTIMIZER };
    expect(posted).toEqual([{ path: '/v1/optimizations', body }]);
  });

  it('ends with 3 when the run failed, and says why', async () => {
    looks = [{ ...done, status: 'failed', error: { code: 'model_unavailable', message: 'Away.' } }];
    const { exitCode, stderr } = await optimize('--watch');
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('is failed. model_unavailable: Away.')]);
  });

  it.each([
    ['a setting without a value', ['--set', 'k'], 'Write a setting with a value, such as k=12.'],
    ['an optimiser that there is not', ['--optimizer', 'COPRO'], 'Allowed choices are LabeledFewShot'],
  ])('refuses %s', async (_, args, message) => {
    const { exitCode, stderr } = await optimize(...args);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
