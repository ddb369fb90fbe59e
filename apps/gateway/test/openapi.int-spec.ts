import { GatewayUnderTest } from './gateway-under-test';

interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  parameters?: { name: string; in: string; schema?: object }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Record<string, unknown>> };
}

const ROUTES = [
  'DELETE /v1/models/{name}',
  'DELETE /v1/programs/{name}',
  'DELETE /v1/signatures/{name}',
  'GET /graphql',
  'GET /livez',
  'GET /metrics',
  'GET /readyz',
  'GET /v1/dead-letters',
  'GET /v1/dead-letters/{id}',
  'GET /v1/executions',
  'GET /v1/executions/{id}',
  'GET /v1/executions/{id}/calls',
  'GET /v1/models',
  'GET /v1/models/{name}',
  'GET /v1/programs',
  'GET /v1/programs/{name}',
  'GET /v1/programs/{name}/versions',
  'GET /v1/signatures',
  'GET /v1/signatures/{name}',
  'GET /v1/signatures/{name}/json-schema',
  'GET /v1/signatures/{name}/versions',
  'GET /v1/workers',
  'PATCH /v1/models/{name}',
  'PATCH /v1/programs/{name}',
  'PATCH /v1/signatures/{name}',
  'POST /graphql',
  'POST /v1/dead-letters/{id}/replay',
  'POST /v1/executions/{id}/cancel',
  'POST /v1/models',
  'POST /v1/programs',
  'POST /v1/programs/{name}/executions',
  'POST /v1/signatures',
  'POST /v1/signatures/validate',
];

let gateway: GatewayUnderTest;
let document: Document;
let operations: [string, Operation][];
beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
  document = (await gateway.get<Document>('/openapi.json')).body;
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );
}, 60_000);
afterAll(() => gateway.stop());

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
    expect(operations.map(([name]) => name).sort()).toEqual([...ROUTES].sort());
  });

  it('gives every operation a unique id, a known tag, a summary and described responses', () => {
    const ids = operations.map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [name, { tags, summary, responses }] of operations) {
      expect([name, tags, summary]).toEqual([name, [expect.any(String)], expect.stringMatching(/\w/)]);
      expect(Object.keys(responses).some((status) => status.startsWith('2'))).toBe(true);
      for (const { description } of Object.values(responses)) expect(description).toMatch(/\w/);
    }
  });

  it('declares every path parameter, and every body of a POST or PATCH that takes one', () => {
    for (const [name, { parameters = [], requestBody }] of operations) {
      const inPath = [...name.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
      expect([name, parameters.filter((p) => p.in === 'path').map((p) => p.name)]).toEqual([name, inPath]);
      const takesBody = /^(POST|PATCH) /.test(name) && !/\/(cancel|replay)$/.test(name);
      expect([name, requestBody !== undefined]).toEqual([name, takesBody]);
    }
  });

  it('describes the problems of every resource route', () => {
    for (const [name, { responses }] of operations.filter(([route]) => route.includes('/v1/'))) {
      for (const status of ['400', '403', '500', '503']) {
        const content = responses[status]?.content?.['application/problem+json'];
        expect([name, status, content?.schema]).toEqual([name, status, { $ref: '#/components/schemas/Problem' }]);
      }
    }
  });

  it('refers to schemas that are there only, and has none that nobody refers to', () => {
    const refs = collectRefs(document, new Set());
    const schemas = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect([...refs].filter((ref) => !schemas.includes(ref))).toEqual([]);
    expect(schemas.filter((schema) => !refs.has(schema))).toEqual([]);
  });

  it('says where a key makes asking again harmless, and when to ask again', () => {
    const keyed = operations.filter(([, { parameters = [] }]) => parameters.some((p) => p.name === 'Idempotency-Key'));
    expect(keyed.map(([name]) => name).sort()).toEqual([
      'POST /v1/dead-letters/{id}/replay',
      'POST /v1/models',
      'POST /v1/programs',
      'POST /v1/programs/{name}/executions',
      'POST /v1/signatures',
    ]);
    for (const [, { responses }] of keyed) {
      expect(responses['422']?.description).toContain('idempotency_key_reused');
      expect(responses['409']).toMatchObject({ headers: { 'Retry-After': expect.any(Object) as object } });
    }
    const { responses } = document.paths['/v1/programs/{name}/executions']!['post']!;
    expect(responses['429']).toMatchObject({ headers: { 'Retry-After': expect.any(Object) as object } });
    expect(responses['429']?.description).toMatch(/overloaded.*too_many_requests/);
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
