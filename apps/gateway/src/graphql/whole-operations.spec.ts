import { parse } from 'graphql';
import { WholeOperations } from './whole-operations';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external"])';
const REGISTRY = `${LINK} type Query { program(id: ID!): Program }
  type Program @key(fields: "id") { id: ID! name: String! }`;
const EXECUTION = `${LINK} type Query { execution(id: ID!): Execution }
  type Mutation { executeProgram(programId: ID!): Execution }
  type Execution @key(fields: "id") { id: ID! program: Program result: ProgramOutput word: String @external }
  type Program @key(fields: "id") { id: ID! runs: Int }
  type UntypedOutput { outputs: String }
  union ProgramOutput = UntypedOutput`;

describe('WholeOperations', () => {
  const whole = new WholeOperations([
    { name: 'registry', url: '', sdl: REGISTRY },
    { name: 'execution', url: '', sdl: EXECUTION },
  ]);
  const serviceOf = (text: string): string | undefined => whole.planOf(parse(text))?.service;

  it.each([
    ['{ program(id: "a") { __typename n: name ...P } } fragment P on Program { id }', 'registry'],
    ['query ($id: ID!) { execution(id: $id) { id program { id runs } } }', 'execution'],
    ['mutation { executeProgram(programId: "a") { id } }', 'execution'],
  ])('hands over %s', (text, service) => expect(serviceOf(text)).toBe(service));

  it.each([
    ['services have to work together', '{ program(id: "a") { name runs } }'],
    ['two services are asked', '{ program(id: "a") { name } execution(id: "b") { id } }'],
    ['the gateway resolves a field', '{ execution(id: "a") { result { __typename } } }'],
    ['a service has a field of another', '{ execution(id: "a") { word } }'],
    ['the schema is asked for', '{ __schema { types { name } } execution(id: "a") { id } }'],
    ['nothing is asked of a service', '{ __typename }'],
    ['no service has the mutation', 'mutation { ticketRouter(inputs: {}) { team } }'],
  ])('does not when %s', (_why, text) => expect(serviceOf(text)).toBeUndefined());

  it('judges a document once', () => {
    const document = parse('{ program(id: "a") { id } }');
    expect(whole.planOf(document)).toBe(whole.planOf(document));
  });
});
