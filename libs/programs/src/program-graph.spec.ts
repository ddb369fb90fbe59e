import { buildSchema, graphql, parse, validate, type GraphQLObjectType } from 'graphql';
import { answering, BASE, executionOf, program } from '../test/typed-graph';
import { ProgramGraph } from './program-graph';
import { programResult } from './program-result';
import { programsSdl } from './program-sdl';
import type { ProgramSchema } from './program-schema';

const graph = (): ProgramGraph => new ProgramGraph(BASE, answering(executionOf({ b: 'x' })));

describe('ProgramGraph', () => {
  it('makes the types of a version once, and those of the next anew', () => {
    const tested = graph();
    const [one, two] = [program('one', 'a -> b'), program('two', 'a -> b')];
    const before = tested.with([one]).schema;
    const after = tested.with([two, one]).schema;
    expect(after.getType('OneOutputs')).toBe(before.getType('OneOutputs'));
    expect(before.getType('TwoOutputs')).toBeUndefined();
    const changed = tested.with([{ ...one, version: 2, signature: program('one', 'a -> c').signature }]).schema;
    expect(Object.keys((changed.getType('OneOutputs') as GraphQLObjectType).getFields())).toEqual(['c', 'execution']);
    expect(changed.getType('TwoOutputs')).toBeUndefined();
  });

  it('goes on serving a schema that a newer one has replaced', async () => {
    const tested = graph();
    const { schema } = tested.with([program('one', 'a -> b')]);
    tested.with([]);
    const answer = await graphql({ schema, source: 'mutation { one(inputs: { a: "" }) { b } }' });
    expect(answer).toEqual({ data: { one: { b: 'x' } } });
  });

  it('leaves out a program that clashes with the platform, and no other', () => {
    const { schema, leftOut } = graph().with([
      program('ping', 'a -> b'),
      program('plan', 'a -> execution'),
      program('fine', 'a -> b'),
    ]);
    expect(leftOut).toEqual([
      { program: 'ping', reason: 'the mutation "ping" is taken' },
      { program: 'plan', reason: expect.stringContaining('"execution"') as string },
    ]);
    expect(schema.getMutationType()?.getFields()).toHaveProperty('fine');
    expect(schema.getType('PingInputs')).toBeUndefined();
  });

  it('adds nothing to a schema without executions', () => {
    const bare = buildSchema('type Query { a: Int }');
    expect(new ProgramGraph(bare, answering(executionOf(null))).with([program('p', 'a -> b')])).toEqual({
      schema: bare,
      leftOut: [],
    });
  });
});

describe('the union of outputs', () => {
  const tested = graph();
  const both = tested.with([program('one', 'a -> b'), program('two', 'a -> b')]).schema;
  const one = tested.with([program('one', 'a -> b')]).schema;
  const union = BASE.getType('ProgramOutput') as never;
  const names = (schema: typeof both): string[] => schema.getPossibleTypes(union).map(({ name }) => name);

  it('has the members of its own schema', () => {
    expect(names(both)).toEqual(['UntypedOutput', 'OneOutputs', 'TwoOutputs']);
    expect(names(one)).toEqual(['UntypedOutput', 'OneOutputs']);
  });

  it('can be asked for the fields of each', () => {
    const document = parse(
      '{ execution(id: 1) { result { ... on TwoOutputs { b } ... on UntypedOutput { outputs } } } }',
    );
    expect(validate(both, document)).toEqual([]);
    expect(validate(one, document)[0]?.message).toContain('Unknown type "TwoOutputs"');
  });
});

describe('programResult', () => {
  const known = program('one', 'a -> b');
  const { schema } = graph().with([known]);
  const gave = executionOf({ b: 'x' });

  it('is in the type of the program', () => {
    expect(programResult(schema, known.programId, gave)).toEqual({ ...gave, __typename: 'OneOutputs' });
  });

  it('of a program without types is untyped', () => {
    expect(programResult(schema, 'gone', gave)).toEqual({ ...gave, __typename: 'UntypedOutput' });
    expect(programResult(BASE, known.programId, gave)).toEqual({ ...gave, __typename: 'UntypedOutput' });
  });

  it('of an execution that gave nothing is null', () => {
    expect(programResult(schema, known.programId, executionOf(null))).toBeNull();
  });
});

describe('programsSdl', () => {
  const programs = [
    program('b-two', 'a: object{ x: enum["y"] } -> b'),
    program('a-one', 'a -> b: list[object{ c: float }]'),
  ];
  const sdl = programsSdl(graph().with(programs).schema as ProgramSchema);

  it('is the same for the same programs, in whatever order they came', () => {
    expect(programsSdl(graph().with(programs.toReversed()).schema as ProgramSchema)).toBe(sdl);
  });

  it('has every type once, and extends what the platform has', () => {
    const defined = [...sdl.matchAll(/^(?:type|input|enum|scalar) (\w+)/gm)].map(([, name]) => name);
    const ofOne = ['AOneExecution', 'AOneExecutionConnection', 'AOneInputs', 'AOneOutputs', 'AOneOutputs_b'];
    const ofTwo = ['BTwoExecution', 'BTwoExecutionConnection', 'BTwoInputs', 'BTwoInputs_a', 'BTwoInputs_a_x'];
    expect(defined.toSorted()).toEqual([...ofOne, ...ofTwo, 'BTwoOutputs']);
    for (const text of ['extend type Query {', 'extend type Mutation {', 'extend union ProgramOutput = BTwoOutputs'])
      expect(sdl).toContain(text);
  });
});
