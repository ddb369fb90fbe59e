import { REQUESTS, SIGNALS, type ExecutionV1 } from '@dspy-nest/contracts';
import { eventually } from '@dspy-nest/testing';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { McpError, type Tool } from '@modelcontextprotocol/sdk/types.js';
import { EXECUTION_EXAMPLE } from '../src/docs/examples';
import { GatewayUnderTest } from './gateway-under-test';
import { ScriptedError } from './scripted-services';

const PROGRAMS = 1_000;
const ROUTER = 'ticket: string "what was asked" -> team: enum["billing", "support"], sure: probability';
/** A type of each kind, as the SDK's client has to compile them. */
const ALL_TYPES =
  'a: string(pattern="^x+$"), b: int(min=1)?, c: image, d: json, e: dict[string, list[date]], f: int | string -> ' +
  'g: object{ h: datetime, i: url? }, j: list[object{ k: enum[1, "x"] }], l: optional[email], m: reasoning, n: bool, o: dict[int, float]';
const OUTPUTS = {
  g: { h: '2026-01-05T09:30:00Z', i: null },
  j: [{ k: 1 }],
  l: null,
  m: ['step'],
  n: true,
  o: { '1': 0.5 },
};
const POST = { accept: 'application/json, text/event-stream' };

let gateway: GatewayUnderTest;
let client: Client;
beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
  await gateway.services.publish('ticket-router', ROUTER, 3);
  await gateway.services.publish('all-types', ALL_TYPES);
  await gateway.services.publish('told', 'a -> b');
  client = await connected();
  await eventually(async () => expect((await client.listTools()).tools).toHaveLength(3));
}, 60_000);
beforeEach(() => {
  gateway.services.asked.length = 0;
});
afterAll(async () => {
  await client.close();
  await gateway.stop();
}, 60_000);

async function connected(): Promise<Client> {
  const made = new Client({ name: 'test', version: '1' });
  await made.connect(new StreamableHTTPClientTransport(new URL(`${gateway.url}/mcp`)));
  return made;
}
const endAs = (end: Partial<ExecutionV1>): Promise<void> =>
  gateway.services.on(REQUESTS.executionCreate, ({ message }) => ({ ...EXECUTION_EXAMPLE, id: message['id'], ...end }));
const created = (): Record<string, unknown>[] =>
  gateway.services.asked.filter(({ subject }) => subject === REQUESTS.executionCreate).map(({ message }) => message);
const toolNamed = async (name: string): Promise<Tool | undefined> =>
  (await client.listTools()).tools.find((tool) => tool.name === name);

describe('tools', () => {
  it('are the published programs, with what they take and give', async () => {
    expect(client.getServerVersion()).toMatchObject({ name: 'dspy-nest' });
    expect(client.getServerCapabilities()).toEqual({ tools: {} });
    expect(await toolNamed('ticket-router')).toEqual({
      name: 'ticket-router',
      description: 'Gives team, sure for ticket.',
      inputSchema: {
        type: 'object',
        properties: { ticket: { type: 'string', description: 'what was asked' } },
        required: ['ticket'],
        additionalProperties: false,
      },
      outputSchema: {
        type: 'object',
        properties: { team: { enum: ['billing', 'support'] }, sure: { type: 'number', minimum: 0, maximum: 1 } },
        required: ['team', 'sure'],
        additionalProperties: false,
      },
    });
  });

  it('come and go with the programs', async () => {
    await gateway.services.publish('late', 'a -> b');
    await eventually(async () => expect(await toolNamed('late')).toBeDefined());
    await gateway.services.unpublish('late');
    await eventually(async () => expect(await toolNamed('late')).toBeUndefined());
  });

  it('are executions of the published version, with outputs that fit the schema', async () => {
    await endAs({ outputs: { team: 'billing', sure: 0.5 } });
    const result = await client.callTool({ name: 'ticket-router', arguments: { ticket: 'Twice!' } });
    const [{ id, ...asked } = {}] = created();
    expect(asked).toEqual({ program: 'ticket-router', inputs: { ticket: 'Twice!' }, wait: true });
    expect(result).toEqual({
      content: [{ type: 'text', text: '{"team":"billing","sure":0.5}' }],
      structuredContent: { team: 'billing', sure: 0.5 },
      _meta: { 'dspy-nest/execution': id },
    });
  });

  it('have schemas that the client of the SDK holds results against, for every type', async () => {
    await endAs({ outputs: OUTPUTS });
    expect(await client.callTool({ name: 'all-types' })).toMatchObject({ structuredContent: OUTPUTS });
    await endAs({ outputs: { ...OUTPUTS, n: 'maybe' } });
    await expect(client.callTool({ name: 'all-types' })).rejects.toThrow(/does not match the tool's output schema/);
  });

  it('tell what went wrong as results, which a model can read', async () => {
    const errors = [{ pointer: '/inputs/ticket', code: 'required', message: 'is missing' }];
    await gateway.services.on(REQUESTS.executionCreate, () => {
      throw new ScriptedError('invalid_inputs', { errors });
    });
    const refused = await client.callTool({ name: 'ticket-router', arguments: {} });
    expect(refused).toMatchObject({ isError: true });
    const [{ text }] = refused.content as [{ text: string }];
    expect(JSON.parse(text)).toMatchObject({ code: 'invalid_inputs', retryable: false, errors });
    const error = { code: 'model_unavailable', message: 'Away.', retryable: true, details: {} };
    await endAs({ status: 'failed', outputs: null, error });
    const failed = await client.callTool({ name: 'ticket-router', arguments: { ticket: 'a' } });
    expect(failed).toMatchObject({ isError: true, _meta: { 'dspy-nest/execution': created()[1]?.['id'] } });
    expect((failed.content as [{ text: string }])[0].text).toContain('"code":"model_unavailable","message":"Away."');
  });

  it('that are not there are errors of the protocol', async () => {
    await gateway.services.on(REQUESTS.executionCreate, () => {
      throw new ScriptedError('program_not_found');
    });
    await expect(client.callTool({ name: 'nothing' })).rejects.toMatchObject({ code: -32_602 });
    await expect(client.callTool({ name: 'No Name' })).rejects.toThrow(McpError);
    await expect(client.listTools({ cursor: 'x y' })).rejects.toMatchObject({ code: -32_602 });
  });

  it('are cancelled when the caller hangs up', async () => {
    const abandoned: unknown[] = [];
    await gateway.services.on(SIGNALS.executionAbandoned, ({ message }) => abandoned.push(message['executionId']));
    const { promise: held, resolve: letGo } = Promise.withResolvers<ExecutionV1>();
    await gateway.services.on(REQUESTS.executionCreate, () => held);
    const other = await connected();
    const calling = other.callTool({ name: 'ticket-router', arguments: { ticket: 'a' } });
    await eventually(() => expect(created()).toHaveLength(1));
    await other.close();
    await expect(calling).rejects.toThrow('Connection closed');
    await eventually(() => expect(abandoned).toEqual([created()[0]?.['id']]));
    letGo(EXECUTION_EXAMPLE);
  });
});

describe('the door', () => {
  const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };

  it('serves POST, and neither streams nor sessions', async () => {
    for (const method of ['GET', 'DELETE']) {
      const answer = await gateway.send(method, '/mcp', undefined, { accept: 'text/event-stream' });
      expect([method, answer.status, answer.headers.get('allow')]).toEqual([method, 405, 'OPTIONS, POST']);
    }
    const { status, body, headers } = await gateway.send('POST', '/mcp', ping, POST);
    expect([status, body]).toEqual([200, { jsonrpc: '2.0', id: 1, result: {} }]);
    expect(headers.get('mcp-session-id')).toBeNull();
    expect(headers.get('traceparent')).toMatch(/^00-/);
    const note = { jsonrpc: '2.0', method: 'notifications/initialized' };
    expect(await gateway.send('POST', '/mcp', note, POST)).toMatchObject({ status: 202, body: undefined });
  });

  it('serves two replicas as one', async () => {
    const other = await gateway.replica();
    const ask = { jsonrpc: '2.0', id: 'a', method: 'tools/list' };
    await eventually(async () => {
      const { body } = await other.send<{ result?: { tools: unknown[] } }>('POST', '/mcp', ask, POST);
      expect(body.result?.tools).toHaveLength(3);
    });
    await other.gateway.close();
  });

  it.each([
    [{}, { accept: 'application/json' }, 406],
    [ping, { ...POST, 'mcp-protocol-version': '1999-01-01' }, 400],
    [{ method: 'ping' }, POST, 400],
    [[ping], POST, 400],
    ['', POST, 400],
    [ping, { ...POST, origin: 'https://evil.example' }, 403],
  ])('refuses %j with %j as %i', async (body, headers, status) => {
    expect((await gateway.send('POST', '/mcp', body, headers)).status).toBe(status);
  });

  it('refuses a foreign host', async () => {
    expect((await gateway.getRaw('/mcp', { host: 'evil.example' })).status).toBe(403);
  });
});

it('lists a thousand tools in pages, each once', async () => {
  for (let index = 0; index < PROGRAMS; index += 1) {
    await gateway.services.publish(`program-${index}`, `question, n${index}: int? -> answer`);
  }
  await eventually(
    async () => {
      const names: string[] = [];
      let cursor: string | undefined;
      let pages = 0;
      do {
        const page = await client.listTools(cursor === undefined ? {} : { cursor });
        names.push(...page.tools.map(({ name }) => name));
        cursor = page.nextCursor;
        pages += 1;
      } while (cursor !== undefined);
      expect([names.length, new Set(names).size, pages]).toEqual([PROGRAMS + 3, PROGRAMS + 3, 11]);
    },
    { timeoutMs: 20_000 },
  );
}, 60_000);
