import { MalformedRequestError, UnsupportedMediaTypeError } from '../http/http.errors';
import { refuseMalformed } from './graphql-request';

const QUERY = '{ __typename }';
const JSON_TYPE = { 'content-type': 'application/json' };
const byPost = (body: object | undefined, headers: object = JSON_TYPE): void =>
  refuseMalformed({ method: 'POST', headers: { ...headers }, query: {}, body });
const byGet = (query: object): void => refuseMalformed({ method: 'GET', headers: {}, query, body: undefined });

function pointersOf(refuse: () => void): (string | undefined)[] {
  try {
    refuse();
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedRequestError);
    return (error as MalformedRequestError).details.errors?.map(({ pointer }) => pointer) ?? [];
  }
}

describe('the body of a GraphQL request', () => {
  it.each([
    [{ query: QUERY }],
    [{ query: QUERY, operationName: null, variables: null, extensions: null }],
    [{ query: QUERY, operationName: 'Q', variables: { a: 1 }, extensions: {} }],
  ])('may be %j', (body) => {
    expect(pointersOf(() => byPost(body))).toEqual([]);
  });

  it.each<[object, string[]]>([
    [{}, ['/query']],
    [{ query: null }, ['/query']],
    [{ query: 1, operationName: 2, variables: [], extensions: '{}' }, ['/query', '/operationName', '/variables', '/extensions']], // prettier-ignore
    [{ query: QUERY, variables: '{"a": 1}' }, ['/variables']],
    [{ query: QUERY, id: 1, 'a/b': 2 }, ['/id', '/a~1b']],
  ])('cannot be %j', (body, pointers) => {
    expect(pointersOf(() => byPost(body))).toEqual(pointers);
  });
});

describe('no body', () => {
  it('is of no kind, or is no request', () => {
    expect(() => byPost(undefined, {})).toThrow(UnsupportedMediaTypeError);
    expect(pointersOf(() => byPost(undefined))).toEqual(['/query']);
  });
});

describe('the query string of a GraphQL request', () => {
  it.each([
    [{ query: QUERY, variables: '{"a": 1}', extensions: '{}', operationName: 'Q' }],
    [{ query: QUERY, variables: '', extensions: 'null' }],
    [{ query: QUERY, cached: 'no' }],
  ])('may be %j', (query) => {
    expect(pointersOf(() => byGet(query))).toEqual([]);
  });

  it.each<[object, string[]]>([
    [{}, ['/query']],
    [{ query: [QUERY, QUERY] }, ['/query']],
    [{ query: QUERY, variables: 'x', extensions: '[]' }, ['/variables', '/extensions']],
    [{ query: QUERY, variables: ['{}', '{}'], operationName: ['a', 'b'] }, ['/operationName', '/variables']],
  ])('cannot be %j', (query, pointers) => {
    expect(pointersOf(() => byGet(query))).toEqual(pointers);
  });
});
