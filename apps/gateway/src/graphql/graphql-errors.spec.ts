import { buildSchema, graphqlSync, GraphQLError } from 'graphql';
import { ServiceUnavailableError } from '@dspy-nest/platform';
import { isConnectionFailure, toPublicError } from './graphql-errors';

const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });

describe('isConnectionFailure', () => {
  it.each([
    refused,
    new Error('fetch failed', { cause: refused }),
    new GraphQLError('x', { originalError: new Error('y', { cause: new AggregateError([refused]) }) }),
    new GraphQLError('x', { extensions: { code: 'ECONNREFUSED' } }),
  ])('sees it in %s', (error) => expect(isConnectionFailure(error)).toBe(true));

  it.each([new Error('x'), null, 'ECONNREFUSED', new GraphQLError('x', { extensions: { code: 'not_found' } })])(
    'does not see it in %s',
    (error) => expect(isConnectionFailure(error)).toBe(false),
  );

  it('ends on an error that is its own cause', () => {
    const error = new Error('loop');
    error.cause = error;
    expect(isConnectionFailure(error)).toBe(false);
  });
});

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

  it('takes a hang-up for no fault of the platform', () => {
    const aborted = new AbortController();
    aborted.abort();
    const { message } = aborted.signal.reason as DOMException;
    const inner = new GraphQLError(message, { extensions: { code: 'SUBREQUEST_HTTP_ERROR' } });
    const shown = toPublicError(new GraphQLError(message, { originalError: inner }));
    expect(shown.extensions).toEqual({ code: 'cancelled', retryable: false });
  });

  it('tells of a service that cannot be reached without its address', () => {
    const shown = toPublicError(new GraphQLError(refused.message, { originalError: refused }));
    expect(shown.extensions).toEqual({ code: 'service_unavailable', retryable: true });
    expect(shown.message).not.toContain('127.0.0.1');
  });
});
