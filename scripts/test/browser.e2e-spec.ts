import type * as Client from '@dspy-nest/client';
import { dspyAnswer, ScriptedModelServer, startBrowser } from '@dspy-nest/testing';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { exitOf, isUp, killSuites, startSuite, type Suite } from './running-suite';
import { removeTemporaryFolders } from './temporary-folder';

const SIGNATURE = 'message: string -> mood: enum["happy", "angry"]';

let model: ScriptedModelServer;
let suite: Suite;
let browser: Browser;
let page: Page;
/** What a page complained about, and what it asked of other servers. */
const complaints: string[] = [];

jest.setTimeout(120_000);

beforeAll(async () => {
  model = await ScriptedModelServer.start();
  model.reply(dspyAnswer({ mood: 'happy' }));
  const env = { DSPY_NEST_LM_BASE_URL: model.url, DSPY_NEST_LM_MODEL: 'scripted-1', DSPY_NEST_LM_API_KEY: 'sk-x' };
  [suite, browser] = await Promise.all([startSuite(['--empty'], env), startBrowser()]);
  expect(await isUp(suite)).toBe(true);
  const created = await fetch(`${suite.url}/v1/programs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'read-mood', signature: SIGNATURE }),
  });
  expect(created.status).toBe(201);
});

beforeEach(async () => {
  complaints.length = 0;
  page = await browser.newPage();
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== suite.url && protocol.startsWith('http')) complaints.push(`asked ${request.url()}`);
  });
});

afterEach(() => page.close());

afterAll(async () => {
  await browser.close();
  suite.process.kill('SIGTERM');
  expect(await exitOf(suite)).toBe(0);
  killSuites();
  removeTemporaryFolders();
  await model.stop();
});

describe('/docs', () => {
  it('shows the operation of a program, and tries it out', async () => {
    await page.goto(`${suite.url}/docs`);
    await page.getByRole('link', { name: 'registered programs' }).click();
    await page.getByText('/v1/programs/read-mood/executions', { exact: true }).click();
    await page.getByRole('button', { name: 'Execute', exact: true }).click();
    const answer = page.locator('.live-responses-table .response').first();
    await answer.getByText('200', { exact: true }).waitFor();
    expect(await answer.locator('.microlight').first().textContent()).toContain('"mood": "happy"');
    expect(complaints).toEqual([]);
  });
});

describe('/graphiql', () => {
  it('runs the mutation of a program from a seeded tab', async () => {
    await page.goto(`${suite.url}/graphiql`);
    await page.locator('.graphiql-tab-button', { hasText: 'Run' }).click();
    await page.getByRole('button', { name: /execute query/i }).click();
    await page.locator('.graphiql-response').getByText('"happy"').waitFor();
    expect(complaints).toEqual([]);
  });
});

describe('@dspy-nest/client in a page', () => {
  const use = async (): Promise<unknown[]> => {
    const { DspyNest, NotFoundError } = (globalThis as unknown as { client: typeof Client }).client;
    const nest = new DspyNest({ url: location.origin });
    const program = nest.program('read-mood');
    const { outputs } = await program.execute({ message: 'I love it' });
    const types: string[] = [];
    for await (const { type } of program.stream({ message: 'Thank you' })) types.push(type);
    const error: unknown = await nest
      .program('nobody')
      .execute({})
      .catch((thrown: unknown) => thrown);
    return [outputs, types.filter((type) => type !== 'token'), error instanceof NotFoundError];
  };

  it('executes, streams and throws typed errors', async () => {
    const contents = "import * as client from './libs/client/src/index'; globalThis.client = client;";
    const stdin = { contents, resolveDir: process.cwd() };
    const { outputFiles } = await build({ stdin, bundle: true, format: 'iife', target: 'es2022', write: false });
    const html = `<!doctype html><link rel="icon" href="data:,"><script>${outputFiles[0]?.text}</script>`;
    await page.route(`${suite.url}/page`, (route) => route.fulfill({ contentType: 'text/html', body: html }));
    await page.goto(`${suite.url}/page`);
    const types = ['queued', 'started', 'status', 'outputs', 'succeeded'];
    expect(await page.evaluate(use)).toEqual([{ mood: 'happy' }, types, true]);
  });
});
