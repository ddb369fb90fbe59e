import { readFileSync } from 'node:fs';
import { PUBLIC_EVENTS, publicEventType, publicRequest, storedTokenSubject } from '@dspy-nest/contracts';
import Ajv from 'ajv';
import { EXECUTION_EXAMPLE } from '../docs/examples';
import { asyncApiDocument } from './asyncapi-document';

interface Channel {
  address: string | null;
  messages: Record<string, object>;
}
interface Message {
  name: string;
  payload: object;
  examples?: { payload: unknown }[];
}
interface Document {
  id: string;
  servers: object;
  channels: Record<string, Channel>;
  operations: Record<string, { action: string }>;
  components: { messages: Record<string, Message> };
}

const document = asyncApiDocument(new URL('nats://user:secret@127.0.0.1:4222')) as Document;
const { channels, operations, components } = document;
// To JSON Schema the name of the whole document would be a keyword.
const { id: _, ...schemas } = document;
const accepts = (message: string): ((payload: unknown) => unknown) =>
  new Ajv({ strict: false })
    .addSchema(schemas, 'asyncapi')
    .getSchema(`asyncapi#/components/messages/${message}/payload`)!;

it('says where, without the password', () => {
  expect(document.servers).toMatchObject({ nats: { host: '127.0.0.1:4222', protocol: 'nats' } });
  expect(JSON.stringify(document)).not.toContain('secret');
});

it('refers to what is there only, and has nothing that nobody refers to', () => {
  const at = (pointer: string): unknown =>
    pointer.split('/').slice(1).reduce<unknown>((node, key) => (node as Record<string, unknown>)?.[key], document); // prettier-ignore
  const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#(\/[^"]+)"/g)].map(([, pointer]) => pointer!);
  expect(refs.filter((pointer) => at(pointer) === undefined)).toEqual([]);
  const made = Object.entries(components).flatMap(([kind, named]) => Object.keys(named).map((name) => `/components/${kind}/${name}`)); // prettier-ignore
  expect(made.filter((pointer) => !refs.includes(pointer))).toEqual([]);
});

it('has a channel for each public event, one for what executions tell, and one for the request with its reply', () => {
  const addresses = Object.values(channels).map(
    ({ address }) => address?.replace('{tenant}', 'acme').replace('{executionId}', 'id-1') ?? null,
  );
  const events = PUBLIC_EVENTS.map((kind) => `dspy.evt.acme.${publicEventType(kind)}`);
  const tokens = storedTokenSubject('acme', 'id-1');
  expect(addresses).toEqual([...events, tokens, publicRequest('programExecute', 'acme'), null]);
  expect(Object.values(operations).map(({ action }) => action)).toEqual([
    ...events.map(() => 'send'),
    'send',
    'receive',
  ]);
});

it('describes messages by which good and bad ones are told apart', () => {
  const { program, inputs } = EXECUTION_EXAMPLE;
  expect(components.messages['executeProgram']?.examples).toMatchObject([{ payload: { program, inputs } }]);
  expect(accepts('executeProgram')({ program, inputs })).toBe(true);
  expect(accepts('executeProgram')({ program, inputs, id: EXECUTION_EXAMPLE.id })).toBe(false);
  expect(accepts('executed')({ ok: true, data: EXECUTION_EXAMPLE })).toBe(true);
  expect(accepts('executed')({ ok: false, data: EXECUTION_EXAMPLE })).toBe(false);
  expect(accepts('executionTells')(components.messages['executionTells']?.examples?.[0]?.payload)).toBe(true);
  expect(accepts('executionTells')({ first: 2, events: [] })).toBe(false);
  const event = {
    specversion: '1.0',
    id: '1',
    source: 'registry',
    type: 'registry.program.published.v1',
    subject: EXECUTION_EXAMPLE.programId,
    time: '2026-01-05T09:30:00.000Z',
    datacontenttype: 'application/json',
    tenant: 'default',
    data: { id: EXECUTION_EXAMPLE.programId, name: 'route-ticket', version: 1 },
  };
  expect(accepts('programPublished')(event)).toBe(true);
  expect(accepts('programDeleted')(event)).toBe(false);
  expect(accepts('programPublished')({ ...event, data: {} })).toBe(false);
});

it('has the events that the guide lists', () => {
  const guide = readFileSync('docs/guides/nats.md', 'utf8');
  const rows = [...guide.matchAll(/^\| `((?:registry|execution|optimization)\.\w+\.)([^|]*)\|/gm)];
  const listed = rows.flatMap(([, entity, verbs]) =>
    [...verbs!.matchAll(/(?:^|`….)([\w-]+\.v1)`/g)].map(([, verb]) => `${entity}${verb}`),
  );
  expect(listed.sort()).toEqual(PUBLIC_EVENTS.map(publicEventType).sort());
});

it('says of each event what its data is', () => {
  const dataOf = (message: string): string => {
    const { payload } = components.messages[message] as { payload: { allOf: { properties?: { data: object } }[] } };
    return JSON.stringify(payload.allOf[1]?.properties?.data);
  };
  const named = ['metricUpdated', 'executionFailed', 'batchFailed', 'evaluationFailed', 'optimizationFailed'];
  expect(named.map(dataOf)).toEqual(
    ['ResourceChanged', 'ExecutionFinished', 'BatchChanged', 'EvaluationChanged', 'OptimizationChanged'].map((schema) =>
      JSON.stringify({ $ref: `#/components/schemas/${schema}` }),
    ),
  );
});
