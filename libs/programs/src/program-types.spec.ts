import { getNamedType, GraphQLSchema, printType, validateSchema, type GraphQLObjectType } from 'graphql';
import { answering, ask, BASE, executionOf, program } from '../test/typed-graph';
import { ProgramGraph } from './program-graph';

function schemaOf(...programs: ReturnType<typeof program>[]): GraphQLSchema {
  return new ProgramGraph(BASE, answering(executionOf(null))).with(programs).schema;
}

const typeText = (schema: GraphQLSchema, name: string): string => printType(schema.getType(name)!);

/** The type of the only output of a definition. */
function outputType(type: string): string {
  const outputs = schemaOf(program('p', `a -> out: ${type}`)).getType('POutputs') as GraphQLObjectType;
  return String(outputs.getFields()['out']?.type);
}

/** The type of the only input of a definition. */
function inputType(type: string): string {
  const line = /^ {2}into: (.*)$/m.exec(typeText(schemaOf(program('p', `into: ${type} -> b`)), 'PInputs'));
  return line?.[1] ?? 'none';
}

describe('types of fields', () => {
  it.each([
    ['string', 'String'],
    ['int', 'Int'],
    ['int(min=0, max=3000000000)', 'Float'],
    ['int(min=1, max=10)', 'Int'],
    ['float', 'Float'],
    ['bool', 'Boolean'],
    ['probability', 'Float'],
    ['reasoning', '[String!]'],
    ['date', 'String'],
    ['datetime', 'String'],
    ['url', 'String'],
    ['email', 'String'],
    ['image', 'String'],
    ['json', 'JSON'],
    ['dict[string, int]', 'JSON'],
    ['string | int', 'JSON'],
    ['list[string]', '[String!]'],
    ['list[string?]', '[String]'],
    ['list[list[int]]', '[[Int!]!]'],
    ['list[string](maxItems=3)', '[String!]'],
    ['enum["a", "b"]', 'POutputs_out'],
    ['enum["not a name", "b"]', 'String'],
    ['enum["true", "false"]', 'String'],
    ['enum["__a"]', 'String'],
    ['enum[1, 2]', 'String'],
    ['object{ x: int }', 'POutputs_out'],
    ['list[object{ x: int }]', '[POutputs_out!]'],
  ])('an output %s is a nullable %s', (type, expected) => expect(outputType(type)).toBe(expected));

  it.each([
    ['string', 'String!'],
    ['string?', 'String'],
    ['string = "x"', 'String! = "x"'],
    ['int = 3', 'Int! = 3'],
    ['enum["a", "b"] = "b"', 'PInputs_into! = b'],
    ['enum[1, 2] = 2', 'String! = "2"'],
    ['list[int]?', '[Int!]'],
    ['json', 'JSON!'],
    ['object{ x: int, y: string? }', 'PInputs_into!'],
  ])('an input %s is %s', (type, expected) => expect(inputType(type)).toBe(expected));

  it('nest, and are named by their path', () => {
    const definition =
      'a: object{ mood: enum["x"], deep: object{ n: int? } } -> b: list[object{ mood: enum["y", "z"] }]';
    const schema = schemaOf(program('p', definition));
    expect(typeText(schema, 'PInputs_a')).toBe(
      'input PInputs_a {\n  mood: PInputs_a_mood!\n  deep: PInputs_a_deep!\n}',
    );
    expect(typeText(schema, 'PInputs_a_deep')).toBe('input PInputs_a_deep {\n  n: Int\n}');
    expect(typeText(schema, 'POutputs_b')).toBe('type POutputs_b {\n  mood: POutputs_b_mood\n}');
    expect(typeText(schema, 'POutputs_b_mood')).toBe('enum POutputs_b_mood {\n  y\n  z\n}');
  });

  it('whose paths read the same keep apart', () => {
    const schema = schemaOf(program('p', 'q -> a_b: enum["x"], a: object{ b: enum["y"] }'));
    const types = [typeText(schema, 'POutputs_a_b'), typeText(schema, 'POutputs_a_b_2')];
    expect(types).toEqual(['enum POutputs_a_b {\n  x\n}', 'enum POutputs_a_b_2 {\n  y\n}']);
  });
});

describe('documentation', () => {
  it('is that of program and signature, with what GraphQL cannot say of a type', () => {
    const definition = `text: string(minLength=1) "What was said." -> mood: enum["happy", "angry"] "How it was meant.",
      score: probability, tags: dict[string, int], word: enum["a b"]`;
    const schema = schemaOf(program('p', definition, { description: 'Reads moods.' }));
    expect(schema.getMutationType()?.getFields()['p']?.description).toBe('Reads moods.');
    const outputs = typeText(schema, 'POutputs');
    for (const text of ['How it was meant.', '`probability`', '`dict[string, int]`', '`enum["a b"]`'])
      expect(outputs).toContain(text);
    expect(outputs).not.toContain('enum["happy"');
    expect(typeText(schema, 'PInputs')).toContain('What was said. Type: `string(minLength=1)`.');
  });

  it('of a program without a description is the instructions, or says that it runs', () => {
    const described = schemaOf(program('p', 'a -> b', { instructions: 'Be brief.' }));
    expect(described.getMutationType()?.getFields()['p']?.description).toBe('Be brief.');
    const silent = schemaOf(program('p', 'a -> b')).getMutationType()?.getFields()['p']?.description;
    expect(silent).toBe('Runs the program "p" and answers with how it ended.');
  });
});

describe('a program', () => {
  it('adds a mutation with the settings of executeProgram, and a query with the filter of executions', () => {
    const schema = schemaOf(program('ticket-router', 'ticket -> team'));
    const mutation = schema.getMutationType()?.getFields()['ticketRouter'];
    expect(mutation?.args.map(({ name, type }) => `${name}: ${String(type)}`)).toEqual([
      'inputs: TicketRouterInputs!',
      'timeoutMs: Int',
    ]);
    const query = schema.getQueryType()?.getFields()['ticketRouterExecutions'];
    expect(query?.args.map(({ name }) => name)).toEqual(['first', 'filter']);
    expect(getNamedType(query!.args[1]!.type)).toBe(BASE.getType('ExecutionFilter'));
    expect(schema.getMutationType()?.getFields()).toHaveProperty('ping');
  });

  it('makes a valid schema, whatever its types are', () => {
    const definition = `a: object{ x: list[enum["a"]]? }, b: int = 1 -> c: list[object{ d: dict[string, json], e: string | int }]?,
      toString: string, node: object{ node: int }`;
    const schema = schemaOf(program('p', definition, { module: 'ChainOfThought' }), program('q', 'a -> b'));
    // It was told to be valid; the same types are checked here all the same.
    const unchecked = new GraphQLSchema({ ...schema.toConfig(), assumeValid: false });
    expect(validateSchema(unchecked)).toEqual([]);
  });

  it('that thinks aloud has its reasoning among the outputs', () => {
    const schema = schemaOf(program('p', 'a -> b', { module: 'ChainOfThought' }));
    expect(Object.keys((schema.getType('POutputs') as GraphQLObjectType).getFields())).toEqual([
      'reasoning',
      'b',
      'execution',
    ]);
  });
});

describe('a typed mutation', () => {
  const router = program('ticket-router', 'ticket -> team: enum["billing", "support"], sure: probability');

  it('gives the outputs in their types beside the execution, and its settings on', async () => {
    const source = `mutation { ticketRouter(inputs: { ticket: "x" }, timeoutMs: 5) { team sure execution { id status } } }`;
    const answer = await ask(router, source, executionOf({ team: 'billing', sure: 0.5 }));
    expect(answer.data).toEqual({
      ticketRouter: { team: 'billing', sure: 0.5, execution: { id: 'e1', status: 'SUCCEEDED' } },
    });
    expect(answer.asked).toEqual([{ program: 'ticket-router', inputs: { ticket: 'x' }, timeoutMs: 5 }]);
  });

  it('has null for what a failed execution did not give', async () => {
    const answer = await ask(
      router,
      'mutation { ticketRouter(inputs: { ticket: "x" }) { team execution { status } } }',
    );
    expect(answer.data).toEqual({ ticketRouter: { team: null, execution: { status: 'FAILED' } } });
    expect(answer.errors).toBeUndefined();
  });

  it('gives back the numbers of an enum that GraphQL has as text', async () => {
    const one = program('p', 'n: enum[1, 2], l: list[object{ m: enum[true, "x y"] }] -> b: enum[1, 2]');
    const source = 'mutation { p(inputs: { n: "2", l: [{ m: "true" }, { m: "x y" }] }) { b } }';
    const answer = await ask(one, source, executionOf({ b: 2 }));
    expect(answer.asked).toMatchObject([{ inputs: { n: 2, l: [{ m: true }, { m: 'x y' }] } }]);
    expect(answer.data).toEqual({ p: { b: '2' } });
  });

  it('leaves a text that is none of the numbers for the check of the inputs', async () => {
    const answer = await ask(program('p', 'n: enum[1, 2] -> b'), 'mutation { p(inputs: { n: "3" }) { b } }');
    expect(answer.asked).toMatchObject([{ inputs: { n: '3' } }]);
  });

  it('reads only what the outputs have of their own', async () => {
    const one = program('p', 'a -> toString: string, o: object{ valueOf: string? }');
    const answer = await ask(
      one,
      'mutation { p(inputs: { a: "" }) { toString o { valueOf } } }',
      executionOf({ o: {} }),
    );
    expect(answer).toMatchObject({ data: { p: { toString: null, o: { valueOf: null } } } });
    expect(answer.errors).toBeUndefined();
  });

  it('tells of an integer that is too large for GraphQL', async () => {
    const source = 'mutation { p(inputs: { a: "" }) { n b } }';
    const answer = await ask(program('p', 'a -> n: int, b'), source, executionOf({ n: 3e9, b: 'x' }));
    expect(answer.data).toEqual({ p: { n: null, b: 'x' } });
    expect(answer.errors?.[0]?.message).toContain('32-bit');
  });
});

describe('a typed query', () => {
  const source = `{ ticketRouterExecutions(first: 1, filter: { id: "e1" }) {
    edges { cursor node { id status outputs { team sure } execution { status } } } pageInfo { hasNextPage } } }`;
  const router = program('ticket-router', 'ticket -> team: enum["billing", "support"], sure: int');

  it('gives executions with typed outputs', async () => {
    const answer = await ask(router, source, executionOf({ team: 'support', sure: 1 }));
    const node = {
      id: 'e1',
      status: 'SUCCEEDED',
      outputs: { team: 'support', sure: 1 },
      execution: { status: 'SUCCEEDED' },
    };
    expect(answer.data).toEqual({
      ticketRouterExecutions: { edges: [{ cursor: 'c1', node }], pageInfo: { hasNextPage: false } },
    });
    expect(answer.asked).toMatchObject([{ program: 'ticket-router', first: 1, filter: { id: 'e1' } }]);
  });

  it('has no outputs for an execution that gave none', async () => {
    const { data } = await ask(router, source);
    expect(data).toMatchObject({ ticketRouterExecutions: { edges: [{ node: { status: 'FAILED', outputs: null } }] } });
  });

  it('has null for what an older version gave in another form', async () => {
    const { data, errors } = await ask(router, source, executionOf({ team: 'gone', sure: 7 }, { version: 9 }));
    expect(data).toMatchObject({ ticketRouterExecutions: { edges: [{ node: { outputs: { team: null, sure: 7 } } }] } });
    expect(errors).toBeUndefined();
  });
});
