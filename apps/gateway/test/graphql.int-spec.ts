import { JobQueue, Nats } from '@dspy-nest/messaging';
import { eventually } from '@dspy-nest/testing';
import { getIntrospectionQuery, GraphQLError } from 'graphql';
import { auditServer } from 'graphql-http';
import { GatewayUnderTest } from './gateway-under-test';
import { ScriptedSubgraph } from './scripted-services';

interface Result {
  data?: Record<string, unknown> | null;
  errors?: { message: string; extensions?: Record<string, unknown> }[];
}

const REGISTRY = `
  type Query { program(name: String!): Program find(match: ProgramMatch!): Program nested: Nested boom: Int }
  input ProgramMatch { name: String }
  type Program @key(fields: "id") { id: ID! name: String! }
  type Nested { nested: Nested n: Int }
`;
const EXECUTION = `
  scalar JSON
  type Query { executions: Int }
  type Mutation { executeProgram(programId: ID!, inputs: JSON!): Execution! }
  type Execution { id: ID! status: String! outputs: JSON program: Program! }
  type Program @key(fields: "id") { id: ID! runs: Int! }
`;

const registryResolvers = {
  Query: {
    program: (_: unknown, { name }: { name: string }) => {
      if (name === 'none') {
        const extensions = { code: 'program_not_found', retryable: false, stacktrace: ['at secret.ts:1'] };
        throw new GraphQLError('There is no program "none".', { extensions });
      }
      return { id: 'p1', name };
    },
    nested: () => ({}),
    boom: () => {
      throw new Error('secret text');
    },
  },
  Program: { __resolveReference: ({ id }: { id: string }) => ({ id, name: 'qa' }) },
};
const executionResolvers = {
  Mutation: {
    executeProgram: (_: unknown, { programId, inputs }: { programId: string; inputs: object }) =>
      programId === 'endless'
        ? new Promise(() => {})
        : { id: 'e1', status: 'SUCCEEDED', outputs: { echoed: inputs }, program: { id: 'p1' } },
  },
  Program: { __resolveReference: ({ id }: { id: string }) => ({ id, runs: 3 }) },
};

let gateway: GatewayUnderTest;
let nats: Nats;
let registry: ScriptedSubgraph;
let execution: ScriptedSubgraph;
const signalListeners = (): number[] => ['SIGTERM', 'SIGINT'].map((signal) => process.listenerCount(signal));
const listenersBefore = signalListeners();

beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
  // What is too large for a message is left in a stream, which the execution service declares.
  nats = await Nats.connect(gateway.servers.natsUrl, 'execution');
  await new JobQueue(nats).declareStreams();
  registry = await ScriptedSubgraph.start('registry', REGISTRY, registryResolvers);
  execution = await ScriptedSubgraph.start('execution', EXECUTION, executionResolvers);
}, 60_000);
afterAll(async () => {
  await nats.close();
  await gateway.stop();
  await registry.stop();
  await execution.stop();
});

const ask = (query: string, variables?: object, headers?: Record<string, string>) =>
  gateway.send<Result>('POST', '/graphql', { query, variables }, headers);

it('answers 503 as long as a schema is missing', async () => {
  await gateway.services.subgraph(registry.subgraph);
  await eventually(async () => {
    const answer = await ask('{ __typename }');
    expect(answer).toMatchObject({ status: 503, body: { code: 'service_unavailable' } });
    expect(JSON.stringify(answer.body)).toContain('The schema of execution is missing');
  });
  await gateway.services.subgraph(execution.subgraph);
  await eventually(async () => expect((await ask('{ __typename }')).status).toBe(200));
});

describe('the federated graph', () => {
  it('joins what two services know of one thing', async () => {
    const { status, body } = await ask('{ program(name: "qa") { name runs } }');
    expect({ status, body }).toEqual({ status: 200, body: { data: { program: { name: 'qa', runs: 3 } } } });
  });

  it('runs a mutation with variables and follows it into the other service', async () => {
    const query =
      'mutation($inputs: JSON!) { executeProgram(programId: "qa", inputs: $inputs) { status outputs program { name } } }';
    const { body } = await ask(query, { inputs: { a: [1, { b: null }] } });
    expect(body.data).toEqual({
      executeProgram: { status: 'SUCCEEDED', outputs: { echoed: { a: [1, { b: null }] } }, program: { name: 'qa' } },
    });
  });

  it('takes an image of 3 MiB in the variables', async () => {
    const photo = `data:image/png;base64,${Buffer.alloc(3 * 1_048_576, 7).toString('base64')}`;
    const query = 'mutation($inputs: JSON!) { executeProgram(programId: "look", inputs: $inputs) { outputs } }';
    const { body } = await ask(query, { inputs: { photo } });
    const execution = body.data?.['executeProgram'] as { outputs: { echoed: { photo: string } } } | undefined;
    expect(execution?.outputs.echoed.photo === photo).toBe(true);
  });

  it('serves queries by GET, but no mutations', async () => {
    const query = encodeURIComponent('{ program(name: "qa") { id } }');
    expect((await gateway.get<Result>(`/graphql?query=${query}`)).body.data).toEqual({ program: { id: 'p1' } });
    const mutation = encodeURIComponent('mutation { executeProgram(programId: "qa", inputs: {}) { id } }');
    expect((await gateway.get<Result>(`/graphql?query=${mutation}`)).status).toBe(405);
  });

  it('hands trace and tenant on, and nothing else of the caller', async () => {
    const traceId = 'ab'.repeat(16);
    const traceparent = `00-${traceId}-${'cd'.repeat(8)}-01`;
    await ask(
      '{ program(name: "qa") { id } }',
      {},
      { traceparent, 'dspy-tenant': 'other', cookie: 'c=1', authorization: 'x' },
    );
    const headers = registry.headers.at(-1);
    expect(headers?.['traceparent']).toContain(traceId);
    expect(headers?.['dspy-tenant']).toBe('default');
    expect(headers).not.toHaveProperty('cookie');
    expect(headers).not.toHaveProperty('authorization');
  });

  it('gives up what it asked a service for when its caller hangs up', async () => {
    const query = 'mutation { executeProgram(programId: "endless", inputs: {}) { id } }';
    const [before, hangUp] = [execution.headers.length, new AbortController()];
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) };
    const answer = fetch(`${gateway.url}/graphql`, { ...init, signal: hangUp.signal });
    await eventually(() => expect(execution.headers.length).toBe(before + 1));
    hangUp.abort();
    await expect(answer).rejects.toThrow();
    await eventually(() => expect(execution.abandoned).toBe(1));
    // Answered after what came before: by then a hang-up that counts as a fault would be in the log.
    await ask('{ boom }');
    expect(gateway.errors).toEqual([expect.stringContaining('Unexpected error.')]);
  });

  it('leaves signals to the app: no library ends it while requests run', () => {
    expect(signalListeners()).toEqual(listenersBefore);
  });

  it('speaks GraphQL over HTTP: every MUST and SHOULD of the audit', async () => {
    const results = await auditServer({ url: `${gateway.url}/graphql` });
    const failed = results.flatMap((result) =>
      result.status === 'error' || result.status === 'warn' ? [`${result.name}: ${result.reason}`] : [],
    );
    expect(failed).toEqual([]);
    expect(results.length).toBeGreaterThanOrEqual(60);
  });

  it('lets itself be introspected', async () => {
    expect((await ask(getIntrospectionQuery())).body).toMatchObject({
      data: { __schema: expect.any(Object) as object },
    });
  });
});

describe('errors', () => {
  it('keep the code of the service, without a stack', async () => {
    const { body } = await ask('{ program(name: "none") { id } }');
    expect(body.errors).toEqual([
      expect.objectContaining({
        message: 'There is no program "none".',
        extensions: expect.objectContaining({ code: 'program_not_found', retryable: false }) as object,
      }),
    ]);
    expect(JSON.stringify(body)).not.toMatch(/secret\.ts|stacktrace/);
  });

  it('hide what is unexpected, which is logged under its trace', async () => {
    const { body, headers } = await ask('{ boom }');
    expect(body.errors).toHaveLength(1);
    expect(JSON.stringify(body)).not.toMatch(/secret text|\.ts:/);
    const logged = JSON.parse(gateway.errors.at(-1) ?? '{}') as { traceId?: string };
    expect(headers.get('traceparent')).toContain(logged.traceId ?? 'a trace');
  });

  it.each([
    ['{ program(name: 1) { id } }', 'String cannot represent'],
    ['{ nothing }', 'Cannot query field'],
    ['{ program', 'Syntax Error'],
    [`{ ${'nested { '.repeat(12)} n ${'}'.repeat(12)} }`, 'nests 13 levels deep'],
    [`{ ${Array.from({ length: 31 }, (_, i) => `a${i}: boom`).join(' ')} }`, 'has 31 aliases'],
    [`{ ${'boom '.repeat(5_000)} }`, 'tokens'],
  ])('tell what is wrong with %.60s', async (query, message) => {
    const { body } = await ask(query);
    expect(body.data ?? null).toBeNull();
    expect(JSON.stringify(body.errors)).toContain(message);
  });

  it('of the body are problems', async () => {
    const huge = await gateway.send('POST', '/graphql', { query: `{ a(x: "${'x'.repeat(1_100_000)}") }` });
    expect(huge).toMatchObject({ status: 413, body: { code: 'payload_too_large' } });
    const broken = await gateway.send('POST', '/graphql', '{"query": ');
    expect(broken).toMatchObject({ status: 400, body: { code: 'malformed_request' } });
    const text = await gateway.send('POST', '/graphql', '{ a }', { 'content-type': 'application/graphql' });
    expect(text).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
    expect(await gateway.send('POST', '/graphql')).toMatchObject({
      status: 415,
      body: { code: 'unsupported_media_type', detail: expect.stringContaining('no content type') as string },
    });
  });

  it('of the request are problems, by GET too, and nothing of them is in the log', async () => {
    const before = gateway.errors.length;
    for (const path of ['/graphql', '/graphql?query={a}&query={b}', '/graphql?query={boom}&variables=x']) {
      expect(await gateway.get(path)).toMatchObject({ status: 400, body: { code: 'malformed_request' } });
    }
    const wrong = await gateway.send('POST', '/graphql', { operationName: 1, variables: [] });
    const pointers = ['/query', '/operationName', '/variables'].map((pointer) => ({ pointer }));
    expect(wrong).toMatchObject({ status: 400, body: { code: 'malformed_request', errors: pointers } });
    expect(gateway.errors).toHaveLength(before);
  });

  it('of who takes no form of answer are problems', async () => {
    const { status, body, headers } = await gateway.get('/graphql?query={__typename}', { accept: 'text/html' });
    expect({ status, body }).toMatchObject({ status: 406, body: { code: 'not_acceptable' } });
    expect(headers.get('content-type')).toBe('application/problem+json');
  });

  it('refuses a list of requests', async () => {
    const { status, body } = await gateway.send('POST', '/graphql', '[{"query":"{ __typename }"}]');
    expect({ status, body }).toMatchObject({ status: 400, body: { code: 'malformed_request' } });
    expect(JSON.stringify(body)).toContain('must be a JSON object');
  });

  it('refuses what a page of another site asks, by GET too', async () => {
    const { status, body } = await gateway.get('/graphql?query={__typename}', { 'sec-fetch-site': 'cross-site' });
    expect({ status, body }).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });
});

describe('a gateway that hides its schema', () => {
  it('answers queries, and tells nothing of what else there is', async () => {
    const hidden = await gateway.replica({ DSPY_NEST_INTROSPECTION: 'off' });
    const send = (query: string) => hidden.send<Result>('POST', '/graphql', { query });
    await eventually(async () => expect((await send('{ __typename }')).body.data).toEqual({ __typename: 'Query' }));
    const introspection = await send(getIntrospectionQuery());
    expect(introspection.body.data ?? null).toBeNull();
    expect(introspection.body.errors?.[0]?.message).toContain('DSPY_NEST_INTROSPECTION=on');
    const { body } = await send('{ nestd { n } }');
    expect(body.errors?.[0]?.message).toBe('Cannot query field "nestd" on type "Query".');
    const variables = { input: { naem: 'qa' } };
    const query = 'query ($input: ProgramMatch!) { find(match: $input) { id } }';
    const late = await hidden.send<Result>('POST', '/graphql', { query, variables });
    expect(late.body.errors?.[0]?.message).toMatch(/Field "naem" is not defined by type "ProgramMatch"\.$/);
    expect((await ask('{ nestd { n } }')).body.errors?.[0]?.message).toContain('Did you mean "nested"');
    await hidden.gateway.close();
  });
});

describe('a service that restarts', () => {
  it('is away with a clear error, then found again', async () => {
    gateway.services.away('execution');
    await execution.stop();
    const query = '{ program(name: "qa") { name runs } }';
    const { body } = await ask(query);
    expect(body.errors).toEqual([
      expect.objectContaining({ extensions: { code: 'service_unavailable', retryable: true } }),
    ]);
    expect(JSON.stringify(body)).not.toMatch(/ECONNREFUSED|127\.0\.0\.1/);

    execution = await ScriptedSubgraph.start('execution', EXECUTION, executionResolvers);
    await gateway.services.subgraph(execution.subgraph);
    await eventually(async () => expect((await ask(query)).body.data).toEqual({ program: { name: 'qa', runs: 3 } }));
  });

  it('keeps the schema before when the new one does not compose', async () => {
    const { name, url } = execution.subgraph;
    await gateway.services.subgraph({ name, url, sdl: 'type Query { program: Int }' });
    await eventually(async () => {
      const { body } = await gateway.get<{ detail: string }>('/readyz?scope=gateway');
      expect(body.detail).toContain('do not fit together');
    });
    expect((await ask('{ program(name: "qa") { name } }')).body.data).toEqual({ program: { name: 'qa' } });
    await gateway.services.subgraph(execution.subgraph);
    await eventually(async () => expect((await gateway.get('/readyz?scope=gateway')).status).toBe(200));
  });
});
