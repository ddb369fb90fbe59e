import {
  BatchChangedV1,
  CloudEvent,
  EvaluationChangedV1,
  eventOfEveryTenant,
  ExecutionFinishedV1,
  ExecutionV1,
  FeedbackCreatedV1,
  OptimizationChangedV1,
  ProgramExecuteV1,
  PUBLIC_EVENTS,
  PUBLIC_REQUESTS,
  publicEventType,
  ResourceChangedV1,
  STORED_TOKENS,
  StreamedEventsV1,
  STREAMS,
  WireError,
} from '@dspy-nest/contracts';
import { componentSchemas } from '../docs/contract-schemas';
import { EXECUTION_EXAMPLE } from '../docs/examples';

type Kind = (typeof PUBLIC_EVENTS)[number];

/** What events carry as their data. */
const EVENT_DATA = {
  ResourceChanged: ResourceChangedV1,
  ExecutionFinished: ExecutionFinishedV1,
  FeedbackCreated: FeedbackCreatedV1,
  BatchChanged: BatchChangedV1,
  EvaluationChanged: EvaluationChangedV1,
  OptimizationChanged: OptimizationChangedV1,
} as const;

const SCHEMAS = {
  CloudEvent,
  ...EVENT_DATA,
  ProgramExecute: ProgramExecuteV1,
  Execution: ExecutionV1,
  StreamedEvents: StreamedEventsV1,
  WireError,
} as const;

const EXECUTE = 'executeProgram';
const REPLY = 'executeProgramReply';
const TELLS = 'executionTells';

const TENANT = {
  description: 'Whose events or programs these are. There is one tenant while access control is off.',
  default: 'default',
  examples: ['default'],
};
const EXECUTION_ID = { description: 'The id of the execution.' };
const INFO = {
  title: 'DSPy-Nest on NATS',
  version: '1',
  description:
    `What happens, as CloudEvents 1.0 (JSON, structured mode) on the JetStream stream \`${STREAMS.events}\`, kept for seven days; ` +
    'what executions tell while they run, and a request that executes a program. An event may come twice: its `id` is then the same.',
  contact: { name: 'The contributors of DSPy-Nest' },
  license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
  tags: [{ name: 'events' }, { name: 'tokens' }, { name: 'requests' }],
};
const REQUEST_HEADERS = {
  'dspy-idempotency-key': {
    type: 'string',
    minLength: 1,
    maxLength: 255,
    description:
      'Names what is asked for, so that asking again does it once. The same key and body get the first answer for 24 hours.',
  },
  traceparent: { type: 'string', description: 'The W3C trace to go on with.' },
};
const EXECUTE_SAYS =
  'A NATS request whose reply is the execution. It is checked, admitted and carried out as `POST /v1/programs/{name}/executions` is. ' +
  'An execution that did not succeed is an execution with its status, not an error. Inputs and outputs that do not fit into one message ' +
  'are left out and named in `omitted`.';

const TELLS_SAYS =
  'What the worker of an execution tells while it runs: tokens, values that are complete, states, and that it began anew. Messages ' +
  `come once they are stored in \`${STREAMS.tokens}\`, where they are kept for ten minutes; a message without events is the last. Its ` +
  'queueing, its outputs and its end are told by `/v1/executions/{id}/events`, which gives all of it in one order.';

/** The AsyncAPI 3.0 description of what other teams can read and ask at this server, made from the contracts. */
export function asyncApiDocument({ host, protocol }: Pick<URL, 'host' | 'protocol'>): object {
  const kinds = PUBLIC_EVENTS.map((kind) => [keyOf(kind), kind] as const);
  const each = (make: (key: string, kind: Kind) => object): Record<string, object> =>
    Object.fromEntries(kinds.map(([key, kind]) => [key, make(key, kind)]));
  return {
    asyncapi: '3.0.0',
    id: 'urn:dspy-nest',
    info: INFO,
    defaultContentType: 'application/json',
    servers: {
      nats: { host, protocol: protocol.replace(':', ''), security: [ref('components/securitySchemes/nats')] },
    },
    channels: { ...each(eventChannel), [TELLS]: tokensChannel(), ...requestChannels() },
    operations: { ...each(eventOperation), [TELLS]: tokensOperation(), [EXECUTE]: executeOperation() },
    components: {
      schemas: componentSchemas(SCHEMAS),
      messages: { ...each((_, kind) => eventMessage(kind)), [TELLS]: tokensMessage(), ...requestMessages() },
      parameters: { tenant: TENANT, executionId: EXECUTION_ID },
      securitySchemes: { nats: { type: 'userPassword', description: 'As the operator of the server says.' } },
    },
  };
}

const ref = (pointer: string): object => ({ $ref: `#/${pointer}` });
const schema = (name: keyof typeof SCHEMAS): object => ref(`components/schemas/${name}`);
const addressOf = (subject: string): string => subject.replace('*', '{tenant}');

function keyOf({ entity, verb }: Kind): string {
  return `${entity}-${verb}`.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function channel(subject: string, message: string, description: string): object {
  return {
    address: addressOf(subject),
    description,
    parameters: { tenant: ref('components/parameters/tenant') },
    messages: { [message]: ref(`components/messages/${message}`) },
  };
}

function eventChannel(key: string, { service, entity, verb, says }: Kind): object {
  return channel(eventOfEveryTenant(service, entity, verb), key, says);
}

function eventOperation(key: string, { says }: Kind): object {
  return { action: 'send', channel: ref(`channels/${key}`), description: says, tags: [{ name: 'events' }] };
}

function eventMessage(kind: Kind): object {
  const type = publicEventType(kind);
  const typed = {
    type: 'object',
    properties: { type: { const: type }, source: { const: kind.service }, data: schema(dataOf(kind)) },
  };
  return {
    name: type,
    title: type,
    summary: kind.says,
    contentType: 'application/cloudevents+json',
    headers: {
      type: 'object',
      properties: { 'Nats-Msg-Id': { type: 'string', description: 'The `id` of the event.' } },
    },
    payload: { allOf: [schema('CloudEvent'), typed] },
  };
}

function dataOf({ data }: Kind): keyof typeof EVENT_DATA {
  const names = Object.keys(EVENT_DATA) as (keyof typeof EVENT_DATA)[];
  return names.find((name) => EVENT_DATA[name] === data)!;
}

function tokensChannel(): object {
  return {
    address: STORED_TOKENS.dest.replace('>', '{tenant}.{executionId}'),
    description: TELLS_SAYS,
    parameters: { tenant: ref('components/parameters/tenant'), executionId: ref('components/parameters/executionId') },
    messages: { [TELLS]: ref(`components/messages/${TELLS}`) },
  };
}

function tokensOperation(): object {
  return { action: 'send', channel: ref(`channels/${TELLS}`), description: TELLS_SAYS, tags: [{ name: 'tokens' }] };
}

function tokensMessage(): object {
  return {
    name: TELLS,
    title: 'What an execution tells',
    contentType: 'application/json',
    headers: {
      type: 'object',
      properties: {
        'Nats-Sequence': { type: 'string', description: 'The number of the message in the stream.' },
        'Nats-Last-Sequence': { type: 'string', description: 'That of the message before it of the same execution.' },
      },
    },
    payload: schema('StreamedEvents'),
    examples: [{ name: 'tokens', payload: { first: 3, events: [{ type: 'token', field: 'answer', delta: 'It is' }] } }],
  };
}

function requestChannels(): Record<string, object> {
  return {
    [EXECUTE]: channel(PUBLIC_REQUESTS.programExecute, EXECUTE, EXECUTE_SAYS),
    [REPLY]: {
      address: null,
      description: 'The inbox that the request names.',
      messages: { executed: ref('components/messages/executed'), refused: ref('components/messages/refused') },
    },
  };
}

function executeOperation(): object {
  return {
    action: 'receive',
    channel: ref(`channels/${EXECUTE}`),
    summary: 'Executes a program.',
    description: EXECUTE_SAYS,
    tags: [{ name: 'requests' }],
    reply: { channel: ref(`channels/${REPLY}`) },
  };
}

function requestMessages(): Record<string, object> {
  const { program, inputs } = EXECUTION_EXAMPLE;
  const reply = (ok: boolean, member: string, content: object): object => ({
    type: 'object',
    required: ['ok', member],
    properties: { ok: { const: ok }, [member]: content },
  });
  return {
    [EXECUTE]: {
      name: EXECUTE,
      title: 'Which program to execute, and with which inputs',
      headers: { type: 'object', properties: REQUEST_HEADERS },
      payload: schema('ProgramExecute'),
      examples: [{ name: 'synchronous', payload: { program, inputs } }],
    },
    executed: { name: 'executed', title: 'The execution', payload: reply(true, 'data', schema('Execution')) },
    refused: { name: 'refused', title: 'Why nothing was done', payload: reply(false, 'error', schema('WireError')) },
  };
}
