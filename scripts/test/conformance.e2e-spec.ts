import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dspyAnswer, eventually, ScriptedModelServer } from '@dspy-nest/testing';
import { lintWithRedocly, lintWithSpectral } from '../conformance/linters';
import { runSchemathesis } from '../conformance/run-schemathesis';
import { ANSWER, PROGRAMS, registerPrograms } from '../conformance/programs';
import { Suite } from '../faults/suite/suite';
import { removeTemporaryFolders, temporaryFolder } from './temporary-folder';

const SIZE = { workers: 1, workerConcurrency: 16, replicas: 1, gateways: 1 };
const home = temporaryFolder();
let model: ScriptedModelServer;
let suite: Suite;

beforeAll(async () => {
  model = await ScriptedModelServer.start({ recordLimit: 0 });
  model.reply(dspyAnswer(ANSWER));
  suite = await Suite.start({ root: process.cwd(), home, modelUrl: model.url, size: SIZE });
  await registerPrograms(suite.gatewayUrls[0]!);
}, 150_000);

afterAll(async () => {
  await suite?.stop();
  await model?.stop();
  removeTemporaryFolders();
}, 60_000);

describe('the document of a running suite with programs of every type', () => {
  const file = join(home, 'openapi.json');
  let document: string;
  beforeAll(async () => {
    await eventually(async () => {
      document = await (await fetch(`${suite.gatewayUrls[0]}/openapi.json`)).text();
      for (const { name } of PROGRAMS) expect(document).toContain(`"/v1/programs/${name}/executions"`);
    });
    writeFileSync(file, document);
  });

  it('has nothing that Spectral would mend', async () => {
    expect(await lintWithSpectral(document)).toEqual([]);
  }, 60_000);

  it('has nothing that Redocly would mend', async () => {
    expect(await lintWithRedocly(file)).toEqual([]);
  }, 60_000);

  it('holds for what the platform answers to requests made up from it, good and bad ones', async () => {
    const budget = { examples: 3, phases: ['examples', 'fuzzing', 'stateful'], workers: 2, seed: 1 } as const;
    const { holds, report } = await runSchemathesis(suite.gatewayUrls[0]!, budget);
    expect(holds ? '' : report).toBe('');
  }, 150_000);

  it('would not pass them with a mistake in it', async () => {
    const broken = document.replace('"operationId":"createSignatures"', '"operationId":"createPrograms"');
    writeFileSync(file, broken);
    const found = [await lintWithSpectral(broken), await lintWithRedocly(file)];
    const told = expect.arrayContaining([expect.stringContaining('operation-operationId-unique')]) as string[];
    expect(found).toEqual([told, told]);
  }, 60_000);
});

it.each(['chat', 'xml'])('asks a model as %s and reads what it answers', async (format) => {
  const response = await fetch(`${suite.gatewayUrls[0]}/v1/programs/sentiment/executions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ inputs: { review: 'A fine thing.' }, format }),
  });
  expect(await response.json()).toMatchObject({ status: 'succeeded', format, outputs: { sentiment: 'positive' } });
});
