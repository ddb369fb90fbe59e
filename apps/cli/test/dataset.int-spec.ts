import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { runCommand, type CommandRun } from './run-command';

const DATASET = {
  id: '01990a4e-6b1c-7cc3-98a1-3f0e5b7c2d12',
  name: 'tickets',
  version: 2,
  signature: 'RouteTicket',
  examples: { total: 2, train: 1, validation: 0, test: 1 },
  updatedAt: '2026-01-05T09:00:00.000Z',
};
const NOW = 'tickets version 2 has 2 examples: 1 train, 0 validation, 1 test.\n';
const ERROR = { row: 2, line: 4, column: 'Team', pointer: '/outputs/team', code: 'invalid_value', message: 'No.' };
const REPORT = { received: 3, added: 2, duplicates: 0, invalid: 1, errors: [ERROR] };
const FILE = 'Text,Team\na,billing\nb,shipping\nc,nobody\n';

let folder: string;
let server: HttpServer;
let url: string;
let asked: { path: string; body: string; type: string | undefined }[];
/** What is answered, by method and path. */
let answers: Record<string, readonly [status: number, body: unknown]>;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dspy-nest-cli-'));
  writeFileSync(join(folder, 'tickets.csv'), FILE);
  asked = [];
  answers = {
    'POST /v1/datasets': [201, DATASET],
    'POST /v1/datasets/tickets/imports': [200, { ...DATASET, report: REPORT }],
    'POST /v1/datasets/tickets/imports/preview': [200, { items: [{ row: 0, line: 2, example: { a: 1 }, errors: [] }] }],
    'GET /v1/datasets/tickets': [200, DATASET],
    'GET /v1/datasets/tickets/export': [200, 'ticket,team\r\na,b\r\n'],
    'GET /v1/datasets': [200, { items: [DATASET], nextCursor: null }],
  };
  server = createServer((request, response) => {
    void text(request).then((body) => {
      const path = decodeURIComponent(request.url ?? '');
      asked.push({ path, body, type: request.headers['content-type'] });
      const [status, answer] = answers[`${request.method} ${path.replace(/\?.*/, '')}`] ?? [404, {}];
      response.writeHead(status).end(typeof answer === 'string' ? answer : JSON.stringify(answer));
    });
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

const dataset = (...args: string[]): Promise<CommandRun> =>
  runCommand(['dataset', ...args, '--url', url], { cwd: folder });

describe('dspy-nest dataset import', () => {
  it('makes the dataset, sends the file as it is, and tells what became of the rows', async () => {
    const made = ['--signature', 'RouteTicket', '--seed', '7', '--test', '0.5', '--stratify', 'team'];
    const asIs = ['--column', 'ticket:Text', '--column', 'team:Team', '--on-invalid', 'skip'];
    const { exitCode, stdout, stderr } = await dataset('import', 'tickets', 'tickets.csv', ...made, ...asIs);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: `3 rows: 2 added, 0 there already, 1 no examples\n  line 4, column "Team", /outputs/team: No.\n${NOW}`,
    });
    expect(stderr).toBe('0.0 of 0.0 MB\n');
    const splits = { seed: 7, validation: 0.2, test: 0.5, stratifyBy: 'team' };
    expect(JSON.parse(asked[0]!.body)).toEqual({ name: 'tickets', signature: 'RouteTicket', splits });
    expect(asked[1]).toEqual({
      path: '/v1/datasets/tickets/imports?column=ticket:Text&column=team:Team&onInvalid=skip',
      body: FILE,
      type: 'text/csv',
    });
  });

  it('shows the first rows only, and takes a dataset that is there', async () => {
    answers['POST /v1/datasets'] = [409, { code: 'name_conflict', detail: 'Taken.' }];
    const args = ['--signature', 'RouteTicket', '--preview', '5'];
    const { exitCode, stdout } = await dataset('import', 'tickets', 'tickets.csv', ...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '  line 2: {"a":1}\n1 rows, 0 no examples\n' });
    expect(asked.at(-1)!.path).toBe('/v1/datasets/tickets/imports/preview?limit=5');
  });

  it('ends with 1 when rows refuse all, with 3 when the server says no otherwise, and with 2 without a file', async () => {
    answers['POST /v1/datasets/tickets/imports'] = [422, { code: 'invalid_examples', detail: '1 of the rows …' }];
    expect(await dataset('import', 'tickets', 'tickets.csv')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('422 invalid_examples: 1 of the rows …') as string,
    });
    answers['POST /v1/datasets/tickets/imports'] = [409, { code: 'import_in_progress', detail: 'Wait.' }];
    expect(await dataset('import', 'tickets', 'tickets.csv')).toMatchObject({ exitCode: 3 });
    expect(await dataset('import', 'tickets', 'nothing.csv')).toMatchObject({
      exitCode: 2,
      stderr: 'nothing.csv cannot be read (ENOENT): name a file of CSV or JSONL that exists.\n',
    });
    expect(await dataset('import', 'tickets', 'tickets.txt')).toMatchObject({ exitCode: 2 });
  });
});

describe('dspy-nest dataset export', () => {
  it('writes a file by its name, or to stdout', async () => {
    const { exitCode, stderr } = await dataset('export', 'tickets', '--out', 'out.csv', '--split', 'test');
    expect(exitCode).toBe(0);
    expect(stderr).toContain('out.csv is written: tickets version 2');
    expect(readFileSync(join(folder, 'out.csv'), 'utf8')).toBe('ticket,team\r\na,b\r\n');
    expect(asked.at(-1)!.path).toBe('/v1/datasets/tickets/export?format=csv&split=test&version=2');
    expect(await dataset('export', 'tickets')).toMatchObject({ exitCode: 0, stdout: 'ticket,team\r\na,b\r\n' });
    expect(asked.at(-1)!.path).toBe('/v1/datasets/tickets/export?format=jsonl&version=2');
  });
});

describe('dspy-nest dataset list', () => {
  it('lists what is there', async () => {
    expect(await dataset('list')).toMatchObject({
      exitCode: 0,
      stdout: 'tickets version 2 of RouteTicket: 2 examples: 1 train, 0 validation, 1 test\n',
    });
  });
});
