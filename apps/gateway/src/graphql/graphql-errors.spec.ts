import { buildSchema, graphqlSync, GraphQLError } from 'graphql';
import { ServiceUnavailableError } from '@dspy-nest/platform';
import { toPublicError } from './graphql-errors';

describe('toPublicError', () => {
  it('keeps the code of a service, without a stack', () => {
    const extensions = { code: 'program_not_found', retryable: false, stacktrace: ['at x.ts:1'] };
    const shown = toPublicError(new GraphQLError('There is no program "x".', { path: ['a'], extensions }));
    expect(shown.toJSON()).toEqual({
      message: 'There is no program "x".',
      path: ['a'],
      extensions: { code: 'program_not_found', retryable: false },
    });
  });

  it('keeps what is wrong with a document', () => {
    expect(toPublicError(new GraphQLError('Cannot query field "x".')).message).toBe('Cannot query field "x".');
  });

  it('keeps what is wrong with the value of a variable', () => {
    const schema = buildSchema('type Query { add(pair: Pair): Int } input Pair { a: Int }');
    const source = 'query ($pair: Pair) { add(pair: $pair) }';
    const { errors = [] } = graphqlSync({ schema, source, variableValues: { pair: { a: 'x' } } });
    const [shown] = errors.map(toPublicError);
    expect(shown?.message).toContain('Int cannot represent non-integer value: "x"');
    expect(shown?.extensions).toEqual({});
  });

  it('hides the text of what is unexpected', () => {
    const shown = toPublicError(new GraphQLError('secret', { originalError: new TypeError('secret at x.ts:1') }));
    expect(JSON.stringify(shown)).not.toMatch(/secret|x\.ts/);
    expect(shown.extensions['code']).toBe('internal');
  });

  it('shows an error of the gateway by its code', () => {
    const shown = toPublicError(new GraphQLError('x', { originalError: new ServiceUnavailableError('No NATS.') }));
    expect(shown).toMatchObject({ message: 'No NATS.', extensions: { code: 'service_unavailable' } });
  });

  it('ends on an error that is its own cause', () => {
    const error = new Error('loop');
    error.cause = error;
    expect(toPublicError(error).extensions['code']).toBe('internal');
  });

  it('takes a hang-up for no fault of the platform', () => {
    const aborted = new AbortController();
    aborted.abort();
    const { message } = aborted.signal.reason as DOMException;
    const inner = new GraphQLError(message, { extensions: { code: 'SUBREQUEST_HTTP_ERROR' } });
    const shown = toPublicError(new GraphQLError(message, { originalError: inner }));
    expect(shown.extensions).toEqual({ code: 'cancelled', retryable: false });
  });
});
