import { isProgramName } from '@dspy-nest/programs';
import { eventually } from '@dspy-nest/testing';
import { GatewayUnderTest } from './gateway-under-test';

interface Parameter {
  name: string;
  in: string;
  schema?: object;
  $ref?: string;
}
interface Answer {
  description: string;
  headers?: object;
  links?: Record<string, { operationId: string }>;
  content?: Record<string, { schema: object }>;
  $ref?: string;
}
interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, Answer>;
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: Record<'schemas' | 'parameters' | 'responses', Record<string, Record<string, unknown>>>;
}

let gateway: GatewayUnderTest;
let document: Document;
let operations: [string, Operation][];
beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
  document = (await gateway.get<Document>('/openapi.json')).body;
  operations = operationsOf(document);
}, 60_000);
afterAll(() => gateway.stop());

/** The operations by method and path, with what they refer to in its place. */
function operationsOf({ paths, components }: Document): [string, Operation][] {
  const find = <T extends { $ref?: string }>(one: T): T => {
    const [, , kind, name] = one.$ref?.split('/') ?? [];
    return kind === undefined ? one : (components[kind as 'responses'][name!] as unknown as T);
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => {
      const responses = Object.entries(operation.responses).map(([status, one]) => [status, find(one)]);
      const whole = {
        ...operation,
        parameters: operation.parameters?.map(find),
        responses: Object.fromEntries(responses) as Operation['responses'],
      };
      return [`${method.toUpperCase()} ${path}`, whole];
    }),
  );
}

function collectRefs(node: unknown, refs: Set<string>): Set<string> {
  if (typeof node !== 'object' || node === null) return refs;
  for (const [key, value] of Object.entries(node)) {
    if (key === '$ref' && typeof value === 'string') refs.add(value);
    else collectRefs(value, refs);
  }
  return refs;
}

describe('/openapi.json', () => {
  it('is OpenAPI 3.1 and describes every route', () => {
    expect(document.openapi).toBe('3.1.0');
    const live = gateway.gateway.routes.all.flatMap(({ path, methods }) =>
      methods.map((method) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`),
    );
    // HEAD is GET without the body; the pages are for people.
    const described = live.filter((route) => !/^HEAD | \/docs/.test(route));
    expect(described.length).toBeGreaterThan(30);
    expect(operations.map(([name]) => name).sort()).toEqual(described.sort());
  });

  it('gives every operation a unique id, a known tag, words about it and described responses', () => {
    const ids = operations.map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [name, { tags, summary, description, responses }] of operations) {
      const words = expect.stringMatching(/\w/) as string;
      expect([name, tags, summary, description]).toEqual([name, [expect.any(String)], words, words]);
      expect(Object.keys(responses).some((status) => status.startsWith('2'))).toBe(true);
      for (const { description } of Object.values(responses)) expect(description).toMatch(/\w/);
    }
  });

  it('declares every path parameter, and every body of a POST or PATCH that takes one', () => {
    for (const [name, { parameters = [], requestBody }] of operations) {
      const inPath = [...name.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
      expect([name, parameters.filter((p) => p.in === 'path').map((p) => p.name)]).toEqual([name, inPath]);
      const takesBody = /^(POST|PATCH) /.test(name) && !/\/(cancel|replay|rerun|stop)$/.test(name);
      expect([name, requestBody !== undefined]).toEqual([name, takesBody]);
    }
  });

  it('describes the problems of every resource route', () => {
    for (const [name, { responses }] of operations.filter(([route]) => route.includes(' /v1/'))) {
      for (const status of ['400', '403', '500', '503']) {
        const content = responses[status]?.content?.['application/problem+json'];
        expect([name, status, content?.schema]).toEqual([name, status, { $ref: '#/components/schemas/Problem' }]);
      }
    }
  });

  it('describes the errors of every route of OpenAI in the form of OpenAI', () => {
    const ofOpenAi = operations.filter(([route]) => route.includes(' /openai/'));
    expect(ofOpenAi).toHaveLength(3);
    for (const [name, { responses }] of ofOpenAi) {
      const errors = Object.entries(responses).filter(([status]) => Number(status) >= 400);
      expect([name, errors.map(([status]) => status)]).toEqual([name, expect.arrayContaining(['400', '403', '500'])]);
      for (const [, { content }] of errors) {
        expect(content?.['application/json']?.schema).toMatchObject({ properties: { error: { type: 'object' } } });
      }
    }
  });

  it('refers to components that are there only, and has none that nobody refers to', () => {
    const refs = collectRefs(document, new Set());
    const components = Object.entries(document.components).flatMap(([kind, named]) =>
      Object.keys(named).map((name) => `#/components/${kind}/${name}`),
    );
    expect([...refs].filter((ref) => !components.includes(ref))).toEqual([]);
    expect(components.filter((component) => !refs.has(component))).toEqual([]);
  });

  it('says where a key makes asking again harmless, and when to ask again', () => {
    const keyed = operations.filter(([, { parameters = [] }]) => parameters.some((p) => p.name === 'Idempotency-Key'));
    expect(keyed.map(([name]) => name).sort()).toEqual([
      'POST /openai/v1/chat/completions',
      'POST /v1/datasets',
      'POST /v1/datasets/{name}/examples',
      'POST /v1/datasets/{name}/imports',
      'POST /v1/datasets/{name}/imports/executions',
      'POST /v1/dead-letters/{id}/replay',
      'POST /v1/evaluations',
      'POST /v1/executions/{id}/feedback',
      'POST /v1/executions/{id}/replay',
      'POST /v1/executions/{id}/rerun',
      'POST /v1/metrics',
      'POST /v1/models',
      'POST /v1/optimizations',
      'POST /v1/programs',
      'POST /v1/programs/{name}/batches',
      'POST /v1/programs/{name}/executions',
      'POST /v1/programs/{name}/state',
      'POST /v1/signatures',
    ]);
    for (const [name, { responses }] of keyed) {
      if (name.includes('/openai/')) continue;
      expect(responses['422']?.description).toContain('idempotency_key_reused');
      expect(responses['409']).toMatchObject({ headers: { 'Retry-After': expect.any(Object) as object } });
    }
    const { responses } = new Map(operations).get('POST /v1/programs/{name}/executions')!;
    expect(responses['429']).toMatchObject({ headers: { 'Retry-After': expect.any(Object) as object } });
    expect(responses['429']?.description).toMatch(/overloaded.*too_many_requests/);
  });

  it('says of every body what happens to one that is too large or of another kind', () => {
    for (const [name, { requestBody, responses }] of operations) {
      if (requestBody === undefined) continue;
      expect([name, Object.keys(responses)]).toEqual([name, expect.arrayContaining(['413', '415'])]);
    }
  });

  it('leads from what was made to what can be done with it, by operations that are there', () => {
    const ids = new Set(operations.map(([, { operationId }]) => operationId));
    const links = operations.flatMap(([, { responses }]) =>
      Object.values(responses).flatMap((response) => Object.values(response.links ?? {})),
    );
    expect(links.length).toBeGreaterThanOrEqual(40);
    expect(links.filter(({ operationId }) => !ids.has(operationId))).toEqual([]);
    const reached = new Set(links.map(({ operationId }) => operationId));
    const ofOne = operations.filter(([name]) => / \/v1\/.*\{/.test(name)).map(([, { operationId }]) => operationId);
    // It takes what another installation exported.
    expect(ofOne.filter((id) => !reached.has(id))).toEqual(['importProgramStates']);
  });

  it('has nothing of OpenAPI 3.0 left', () => {
    expect(JSON.stringify(document)).not.toMatch(/"nullable":|"\$defs":|"\$schema":/);
  });

  it('describes an execution by the contract', () => {
    expect(document.components.schemas['Execution']).toMatchObject({
      type: 'object',
      required: expect.arrayContaining(['id', 'status', 'usage', 'timing', 'attempt']) as string[],
    });
    expect(document.components.schemas['ExecuteProgramDto']).toMatchObject({ required: ['inputs'] });
  });
});

describe('a registered program', () => {
  const PATH = '/v1/programs/ticket-router/executions';
  const ROUTER = 'ticket: string -> team: enum["billing", "support"]';
  const read = async (): Promise<Document> => (await gateway.get<Document>('/openapi.json')).body;

  it('has an operation of its own, typed by its signature, as long as it is there', async () => {
    await gateway.services.publish('ticket-router', ROUTER);
    await eventually(async () => expect((await read()).paths[PATH]).toBeDefined());
    const live = await read();
    const [, operation] = operationsOf(live).find(([name]) => name === `POST ${PATH}`)!;
    expect(operation).toMatchObject({ operationId: 'runTicketRouter', tags: ['registered programs'] });
    expect(operation.parameters?.map(({ name }) => name)).toEqual(['Idempotency-Key', 'Prefer']);
    const generic = new Map(operations).get('POST /v1/programs/{name}/executions')!;
    expect(Object.keys(operation.responses)).toEqual(Object.keys(generic.responses));
    expect(operation.responses['200']?.links).toEqual(generic.responses['200']?.links);
    expect(live.components.schemas['TicketRouterOutputs']).toMatchObject({
      properties: { team: { enum: ['billing', 'support'] } },
    });

    await gateway.services.publish('ticket-router', `${ROUTER}, sure: probability`, 2);
    await eventually(async () => expect(JSON.stringify(await read())).toContain('"sure"'));
    await gateway.services.unpublish('ticket-router');
    await eventually(async () => expect((await read()).paths[PATH]).toBeUndefined());
    expect(await read()).toEqual(document);
  });

  it('cannot have a name that the platform has', () => {
    expect(Object.keys(document.components.schemas).filter(isProgramName)).toEqual([]);
    expect(operations.filter(([, { operationId }]) => operationId.startsWith('run'))).toEqual([]);
  });

  it('changes the ETag by which a caller knows whether it has the document', async () => {
    const { headers } = await gateway.get('/openapi.json');
    const etag = headers.get('etag')!;
    const again = await gateway.getRaw('/openapi.json', { 'if-none-match': etag });
    expect(again).toMatchObject({ status: 304, text: '', headers: { etag } });
    await gateway.services.publish('another', 'a -> b');
    await eventually(async () =>
      expect((await gateway.getRaw('/openapi.json', { 'if-none-match': etag })).status).toBe(200),
    );
    await gateway.services.unpublish('another');
    await eventually(async () => expect((await gateway.getRaw('/openapi.json', {})).headers).toMatchObject({ etag }));
  });
});

describe('the settings of programs and executions', () => {
  it('are shown with their limits and defaults', () => {
    const { schemas } = document.components;
    const clock = (byDefault: number) => ({ type: 'integer', minimum: 1, maximum: 600_000, default: byDefault });
    const shared = { timeoutMs: clock(60_000), maxRetries: { type: 'integer', minimum: 0, maximum: 10, default: 2 } };
    expect(schemas['ProgramConfigDto']).toMatchObject({
      properties: { ...shared, maxConcurrency: { minimum: 1, maximum: 100_000 }, record: { default: 'all' } },
    });
    expect(schemas['ExecuteProgramDto']).toMatchObject({ properties: { ...shared, lane: { default: 'interactive' } } });
    expect(schemas['CallLimitsDto']).toMatchObject({
      properties: {
        connectMs: clock(5_000),
        firstTokenMs: clock(60_000),
        idleMs: clock(30_000),
        attemptMs: clock(120_000),
      },
    });
  });
});

describe('/graphiql', () => {
  it('is a page whose scripts, styles and workers all come from here', async () => {
    const page = await gateway.getRaw('/graphiql', {});
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    expect(page.headers['content-security-policy']).toContain("default-src 'self'");
    expect(page.text).not.toMatch(/<script>|https?:/);
    const linked = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file!);
    const workers = ['editor', 'json', 'graphql'].map((worker) => `/graphiql/${worker}.worker.js`);
    for (const file of [...linked, ...workers]) {
      const { status, text, headers } = await gateway.getRaw(file, {});
      expect([file, status, text.length > 100]).toEqual([file, 200, true]);
      expect(headers['content-type']).toBe(`text/${file.endsWith('.css') ? 'css' : 'javascript'}; charset=utf-8`);
    }
    expect(await gateway.get('/graphiql/passwd')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('opens with tabs for the programs there are', async () => {
    await gateway.services.publish('ticket-router', 'ticket -> team: enum["a", "b"]');
    await eventually(async () =>
      expect((await gateway.getRaw('/graphiql/start.js', {})).text).toContain('ticketRouter(inputs: $inputs)'),
    );
    await gateway.services.unpublish('ticket-router');
  });
});

describe('/docs', () => {
  it('is a page whose scripts and styles all come from here', async () => {
    const page = await gateway.getRaw('/docs', {});
    expect(page.status).toBe(200);
    expect(page.headers['content-security-policy']).toContain("default-src 'self'");
    expect(page.headers['x-frame-options']).toBe('DENY');
    const files = [...page.text.matchAll(/(?:src|href)=["']([^"'#]+)["']/g)].map(([, file]) => file!);
    expect(files.length).toBeGreaterThanOrEqual(4);
    for (const file of files) {
      const { pathname, host } = new URL(file, `${gateway.url}/docs`);
      expect(host).toBe(new URL(gateway.url).host);
      expect([file, (await gateway.getRaw(pathname, {})).status]).toEqual([file, 200]);
    }
    expect(page.text).not.toMatch(/<script>[^<]/);
  });
});
