import { isProgramName, isReservedMutation } from '@dspy-nest/programs';
import { documentedQueries, dspyAnswer, eventually, ScriptedModelServer } from '@dspy-nest/testing';
import { ANSWER, SIGNATURE } from '../schemas/api';
import { swapUnderLoad } from '../schemas/swaps';
import { exitOf, isUp, killSuites, startSuite, type Suite } from './running-suite';
import { removeTemporaryFolders } from './temporary-folder';

// What `npm run verify:schemas` does at length.
const SMALL = { swaps: 20, perSecond: 20, subscriptions: 5 };
jest.setTimeout(180_000);

interface Result {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: { readonly message: string }[];
}

let model: ScriptedModelServer;
let suite: Suite;

beforeAll(async () => {
  model = await ScriptedModelServer.start({ recordLimit: 0 });
  model.reply(dspyAnswer(ANSWER));
  suite = await startSuite(['--empty'], {
    DSPY_NEST_LM_BASE_URL: model.url,
    DSPY_NEST_LM_MODEL: 'scripted-1',
    DSPY_NEST_LM_API_KEY: 'k',
  });
  expect(await isUp(suite)).toBe(true);
});
afterAll(async () => {
  suite.process.kill('SIGTERM');
  expect(await exitOf(suite)).toBe(0);
  await model.stop();
  killSuites();
  removeTemporaryFolders();
});

async function post<T>(path: string, body: object): Promise<T> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  return (await (await fetch(`${suite.url}${path}`, init)).json()) as T;
}
const ask = (query: string): Promise<Result> => post('/graphql', { query });
const run = (mutation: string): Promise<Result> =>
  ask(`mutation { ${mutation}(inputs: { message: "x" }) { mood execution { status program { name } } } }`);

interface Types {
  readonly schema: {
    readonly types: { readonly name: string }[];
    readonly queryType: { readonly fields: { readonly name: string }[] };
    readonly mutationType: { readonly fields: { readonly name: string }[] };
  };
}

it('has no name of its own that a program could have', async () => {
  const { data } = await ask(
    '{ schema: __schema { types { name } queryType { fields { name } } mutationType { fields { name } } } }',
  );
  const { types, queryType, mutationType } = (data as unknown as Types).schema;
  expect([...types, ...queryType.fields].filter(({ name }) => isProgramName(name))).toEqual([]);
  expect(mutationType.fields.filter(({ name }) => !isReservedMutation(name))).toEqual([]);
});

it('types programs while it runs, and fails no request and no subscription meanwhile', async () => {
  await post('/v1/programs', { name: 'read-mood', signature: SIGNATURE });
  const answer = { mood: 'happy', execution: { status: 'SUCCEEDED', program: { name: 'read-mood' } } };
  await eventually(async () => expect(await run('readMood')).toEqual({ data: { readMood: answer } }));
  const outcome = await swapUnderLoad([suite.url], SMALL);
  expect([outcome.failures, outcome.eventFaults]).toEqual([[], []]);
  expect(outcome.requests).toBeGreaterThan(SMALL.swaps);
});

describe('what the guide asks across services', () => {
  const lists = ['programs', 'signatures', 'executions', 'versions'];

  it.each(documentedQueries('queries.md', lists))('is answered: %s', async (query) => {
    const { data, errors } = await ask(query);
    expect(errors).toBeUndefined();
    expect(Object.keys(data ?? {})).toHaveLength(1);
  });

  it('pages the executions of a program, each of which knows its program', async () => {
    const query = `query ($id: ID!, $after: String) { program(id: $id) { executions(first: 1, after: $after, filter: { status: { eq: SUCCEEDED } }) {
      edges { node { id program { name executions(last: 1) { edges { node { id } } } } } } pageInfo { endCursor } } } }`;
    interface Page {
      readonly edges: readonly { readonly node: { readonly id: string; readonly program: object } }[];
      readonly pageInfo: { readonly endCursor: string };
    }
    const page = async (after: string | null): Promise<Page> => {
      const { data, errors } = await post<Result>('/graphql', { query, variables: { id: 'read-mood', after } });
      expect(errors).toBeUndefined();
      return (data!['program'] as { readonly executions: Page }).executions;
    };
    await run('readMood');
    await run('readMood');
    const newest = await page(null);
    const next = await page(newest.pageInfo.endCursor);
    expect(newest.edges[0]!.node.id > next.edges[0]!.node.id).toBe(true);
    expect(next.edges[0]!.node.program).toMatchObject({ name: 'read-mood', executions: { edges: [{ node: {} }] } });
  });
});
