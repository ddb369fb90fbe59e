import { buildSchema, graphqlSync, GraphQLError } from 'graphql';
import { withoutSuggestion } from './hidden-schema';

const schema = buildSchema(`
  type Query { nested(colour: Colour, shade: Int): Query nestedd: Int }
  enum Colour { RED GREEN }
`);

function shown(source: string, variableValues?: Record<string, unknown>): string | undefined {
  const { errors } = graphqlSync({ schema, source, ...(variableValues !== undefined && { variableValues }) });
  return errors?.map(withoutSuggestion)[0]?.message;
}

describe('withoutSuggestion', () => {
  it.each([
    ['a field', '{ neste }', 'Cannot query field "neste" on type "Query".'],
    ['an argument', '{ nestedd nested(colou: RED) { nestedd } }', 'Unknown argument "colou" on field "Query.nested".'],
    ['a value', '{ nested(colour: RAD) { nestedd } }', 'Value "RAD" does not exist in "Colour" enum.'],
    ['a type', 'query ($c: Color) { nested(colour: $c) { nestedd } }', 'Unknown type "Color".'],
  ])('tells no name that %s might have had', (_, source, message) => expect(shown(source)).toBe(message));

  it('tells none either when the value comes in a variable', () => {
    const message = shown('query ($c: Colour) { nested(colour: $c) { nestedd } }', { c: 'RAD' });
    expect(message).toBe('Variable "$c" got invalid value "RAD"; Value "RAD" does not exist in "Colour" enum.');
  });

  it('leaves what a service says, and keeps the place', () => {
    const said = new GraphQLError('Unknown type "strin". Did you mean "string"?', {
      extensions: { code: 'invalid_signature' },
    });
    expect(withoutSuggestion(said)).toBe(said);
    const guessed = new GraphQLError('No. Did you mean "a" or "b"?', { path: ['x', 0], extensions: { code: 'X' } });
    expect(withoutSuggestion(guessed)).toMatchObject({ message: 'No.', path: ['x', 0], extensions: { code: 'X' } });
  });
});
