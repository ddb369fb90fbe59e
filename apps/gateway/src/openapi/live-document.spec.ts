import type { ProgramInterfaceV1 } from '@dspy-nest/contracts';
import { parseSignature } from '@dspy-nest/signature';
import { LiveDocument } from './live-document';
import { programOperation } from './program-operation';

const SHARED = {
  description: 'Waits.',
  parameters: [{ $ref: '#/components/parameters/Prefer' }],
  responses: { 202: { $ref: '#/components/responses/Execute202' } },
};
const ROUTES = {
  openapi: '3.1.0',
  info: { title: 'T', version: '1' },
  paths: { '/livez': {} },
  components: { schemas: { Execution: {} }, parameters: {} },
};
const ORIGIN = 'http://127.0.0.1:4000';

const program = (name: string, definition: string, change: Partial<ProgramInterfaceV1> = {}): ProgramInterfaceV1 => ({
  programId: `id-${name}`,
  name,
  version: 1,
  description: null,
  module: 'Predict',
  signature: parseSignature(definition, { name: 'Tested' }),
  ...change,
});
const ROUTER = program('ticket-router', 'ticket: string "what" -> team: enum["a", "b"], score: float?', { version: 3 });

type Text = ReturnType<LiveDocument['with']>;
interface Document {
  paths: Record<string, { post: { summary: string } }>;
  components: { schemas: Record<string, object> };
}
const read = ({ body }: Text): Document => JSON.parse(body.toString()) as Document;

describe('the operation of a program', () => {
  const { path, item, schemas } = programOperation(ROUTER, SHARED, ORIGIN);
  const { post } = item as { post: Record<string, unknown> };

  it('has what it takes and gives as schemas of their own', () => {
    expect(path).toBe('/v1/programs/ticket-router/executions');
    expect(post['operationId']).toBe('runTicketRouter');
    expect(Object.keys(schemas)).toEqual(['TicketRouterInputs', 'TicketRouterOutputs']);
    expect(schemas['TicketRouterInputs']).toEqual({
      description: 'What "ticket-router" takes.',
      type: 'object',
      properties: { ticket: { type: 'string', description: 'what' } },
      required: ['ticket'],
      additionalProperties: false,
    });
    const text = JSON.stringify(post);
    expect(text).toContain('{"allOf":[{"$ref":"#/components/schemas/ExecuteProgramDto"},');
    expect(text).toContain('"outputs":{"$ref":"#/components/schemas/TicketRouterOutputs"}');
    expect(text).toContain('"version":{"type":"integer","enum":[3]');
    expect(text).toContain('"example":{"inputs":{"ticket":"Some ticket"}}');
    expect(post['responses']).toMatchObject({
      200: {
        content: {
          'application/json': { example: { program: 'ticket-router', version: 3, inputs: { ticket: 'Some ticket' } } },
        },
      },
    });
  });

  it('shares with all others how it is asked and what may go wrong', () => {
    expect(post).toMatchObject({ parameters: SHARED.parameters, responses: SHARED.responses });
    expect(post['description']).toMatch(/signature Tested:\n\n {4}ticket: string [^]*Waits\.$/);
    expect(post['x-codeSamples']).toHaveLength(3);
  });

  it('tells of the reasoning that ChainOfThought adds, and what the program is for', () => {
    const thinking = { ...ROUTER, module: 'ChainOfThought' as const, description: 'Finds the team.' };
    const operation = programOperation(thinking, SHARED, ORIGIN);
    expect(operation.schemas['TicketRouterOutputs']).toMatchObject({ required: ['reasoning', 'team', 'score'] });
    expect(JSON.stringify(operation.item)).toContain('"description":"Finds the team.\\n\\n');
  });
});

describe('the document', () => {
  it('has the routes and the programs, in the same text whatever the order', () => {
    const other = program('ask', 'a -> b');
    const text = new LiveDocument(SHARED, ROUTES, ORIGIN).with([ROUTER, other]);
    const { paths, components, ...head } = read(text);
    expect(head).toEqual({ openapi: '3.1.0', info: ROUTES.info });
    expect(Object.keys(paths)).toEqual([
      '/livez',
      '/v1/programs/ask/executions',
      '/v1/programs/ticket-router/executions',
    ]);
    expect(Object.keys(components.schemas)).toEqual([
      'Execution',
      'AskInputs',
      'AskOutputs',
      'TicketRouterInputs',
      'TicketRouterOutputs',
    ]);
    expect(new LiveDocument(SHARED, ROUTES, ORIGIN).with([other, ROUTER])).toEqual(text);
  });

  it('follows the programs, and has another tag for each text', () => {
    const document = new LiveDocument(SHARED, ROUTES, ORIGIN);
    const none = document.with([]);
    expect(read(none).paths).toEqual({ '/livez': {} });
    const first = document.with([program('ask', 'a -> b')]);
    const second = document.with([program('ask', 'a -> c: int', { version: 2 })]);
    expect(read(second).components.schemas['AskOutputs']).toMatchObject({ properties: { c: { type: 'integer' } } });
    expect(new Set([none.tag, first.tag, second.tag]).size).toBe(3);
    expect(document.with([])).toEqual(none);
  });

  it('writes anew what changed only', () => {
    const document = new LiveDocument(SHARED, ROUTES, ORIGIN);
    const programs = Array.from({ length: 50 }, (_, index) => program(`p-${index}`, 'a -> b'));
    document.with(programs);
    const written = jest.spyOn(JSON, 'stringify');
    document.with([...programs, program('another', 'a -> b')]);
    const parts = written.mock.calls.filter(([value]) => Object.keys(value as object)[0]?.startsWith('/v1/programs/'));
    written.mockRestore();
    expect(parts).toHaveLength(1);
  });
});
