import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSignature } from '@dspy-nest/signature';
import { pullPrograms } from '../src/program-types/pull/pulled-program';
import { runCommand, type CommandRun } from './run-command';

const PROGRAM = { description: null, module: 'Predict', signature: 'Qa', signatureVersion: 2 };
const SIGNATURE = parseSignature('question -> answer', { name: 'Qa', version: 2 });
const OLD_SIGNATURE = parseSignature('question -> answer: int', { name: 'Qa', version: 1 });

let folder: string;
let server: HttpServer;
let url: string;
let asked: string[];
let answer: RequestListener;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dspy-nest-cli-'));
  asked = [];
  server = createServer((request, response) => {
    asked.push(decodeURIComponent(request.url ?? ''));
    answer(request, response);
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

const pull = (...args: string[]): Promise<CommandRun> =>
  runCommand(['types', 'pull', '--url', url, ...args], { cwd: folder });

function answering(status: number, body: unknown): RequestListener {
  return (_, response) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Answers each path with a page that holds everything, or with what stands there for the whole of the URL. */
function serving(pages: Readonly<Record<string, unknown>>): RequestListener {
  return (request, response) => {
    const asked = decodeURIComponent(request.url ?? '');
    const found = pages[asked] ?? pages[asked.replace(/\?.*/, '')];
    const body = Array.isArray(found) ? { items: found, nextCursor: null } : found;
    answering(body === undefined ? 404 : 200, body ?? { code: 'not_found', detail: `There is no ${asked}.` })(
      request,
      response,
    );
  };
}

describe('pulling the types of a server', () => {
  it('goes through all pages, whatever their order, and writes what a program answers', async () => {
    const first = '/v1/programs?limit=200&sort=name';
    answer = serving({
      [first]: { items: [{ ...PROGRAM, name: 'z-last' }], nextCursor: 'a+b/=' },
      [`${first}&cursor=a+b/=`]: [{ ...PROGRAM, name: 'a-first', description: 'Thinks.', module: 'ChainOfThought' }],
      '/v1/signatures': [SIGNATURE],
    });
    const { exitCode, stdout, stderr } = await pull();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout)
      .toBe(`// The programs of a DSPy-Nest server, written by \`dspy-nest types pull\`. Changes are lost: pull again instead.

/** The inputs and outputs of each program, by its name. */
export interface Programs {
  /** Thinks. */
  'a-first': {
    inputs: {
      question: string;
    };
    outputs: {
      reasoning: string[];
      answer: string;
    };
  };
  'z-last': {
    inputs: {
      question: string;
    };
    outputs: {
      answer: string;
    };
  };
}
`);
  });

  it('takes the version of the signature that a program uses', async () => {
    answer = serving({
      '/v1/programs': [{ ...PROGRAM, name: 'old', signatureVersion: 1 }],
      '/v1/signatures': [SIGNATURE],
      '/v1/signatures/Qa/versions?limit=200&filter[version][eq]=1': [OLD_SIGNATURE],
    });
    expect((await pull()).stdout).toContain('answer: number;');
  });

  it('writes a file once, and says whether it is up to date', async () => {
    answer = serving({ '/v1/programs': [{ ...PROGRAM, name: 'qa' }], '/v1/signatures': [SIGNATURE] });
    const file = join(folder, 'src', 'programs.ts');
    const checked = await pull('--out', 'src/programs.ts', '--check');
    expect(checked).toEqual({ exitCode: 1, stdout: '', stderr: 'src/programs.ts is not up to date: pull again without --check.\n' }); // prettier-ignore
    expect(() => statSync(file)).toThrow('ENOENT');

    expect(await pull('--out', 'src/programs.ts')).toEqual({
      exitCode: 0,
      stdout: 'src/programs.ts is written.\n',
      stderr: '',
    });
    const { mtimeMs } = statSync(file);
    const upToDate = { exitCode: 0, stdout: 'src/programs.ts is up to date.\n', stderr: '' };
    expect(await pull('--out', 'src/programs.ts')).toEqual(upToDate);
    expect(await pull('--out', 'src/programs.ts', '--check')).toEqual(upToDate);
    expect(statSync(file).mtimeMs).toBe(mtimeMs);

    writeFileSync(file, `${readFileSync(file, 'utf8')} `);
    expect(await pull('--out', 'src/programs.ts', '--check')).toMatchObject({ exitCode: 1 });
  });
});

describe('pulling says what is wrong', () => {
  it('when nothing listens', async () => {
    server.close();
    expect(await pull()).toEqual({
      exitCode: 3,
      stdout: '',
      stderr: `Nothing listens at ${url} (ECONNREFUSED). Start DSPy-Nest there, or give its address with --url.\n`,
    });
  });

  it('when the name is not known', async () => {
    const { exitCode, stderr } = await runCommand(['types', 'pull', '--url', 'http://nowhere.invalid']);
    expect([exitCode, stderr]).toEqual([3, expect.stringMatching(/^http:\/\/nowhere\.invalid\/v1\/programs.* cannot be reached \(E/)]); // prettier-ignore
  });

  it('when no answer comes', async () => {
    answer = () => undefined;
    const pulling = pullPrograms({ url: new URL(url), timeoutMs: 50 });
    await expect(pulling).rejects.toThrow(
      `did not answer within 0.05 s. Look at ${url}/readyz, which says what is missing.`,
    );
  });

  it('when an answer breaks off', async () => {
    answer = (_, response) => response.writeHead(200, { 'content-length': '100' }).write('{', () => response.destroy());
    expect(await pull()).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('cannot be reached') as string });
  });

  it('when the server refuses, in its words', async () => {
    const errors = [{ pointer: '/sort', code: 'invalid_parameter', message: 'The query parameter "sort" is new.' }];
    answer = answering(422, { status: 422, code: 'validation_failed', detail: 'No such order.', errors });
    const { exitCode, stderr } = await pull();
    expect([exitCode, stderr]).toEqual([
      3,
      `${url}/v1/programs answered 422 validation_failed: No such order.\n  /sort: The query parameter "sort" is new.\n`,
    ]);
  });

  it.each([
    ['no JSON', 200, undefined],
    ['other JSON', 200, { hello: 'world' }],
    ['no object', 200, 7],
    ['an error of its own', 500, { error: 'oh' }],
  ])('when another program answers with %s', async (_, status, body) => {
    answer = answering(status, body);
    const { exitCode, stderr } = await pull();
    expect([exitCode, stderr]).toEqual([
      3,
      expect.stringContaining(`answered ${status} in a form that DSPy-Nest does not use`),
    ]);
  });

  it.each([
    ['an address that is none', ['--url', 'localhost:4000'], 2, 'Write an address such as http://127.0.0.1:4000.'],
    ['--check without a file', ['--check'], 2, 'Add --out: --check needs a file to look at.'],
  ])('about %s', async (_, args, exitCode, message) => {
    expect(await pull(...args)).toEqual({ exitCode, stdout: '', stderr: expect.stringContaining(message) as string });
    expect(asked).toEqual([]);
  });

  it('when the file cannot be written', async () => {
    answer = serving({ '/v1/programs': [], '/v1/signatures': [] });
    expect(await pull('--out', '.')).toEqual({ exitCode: 3, stdout: '', stderr: '. cannot be written (EISDIR).\n' });
  });
});
