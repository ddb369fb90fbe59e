import { ValidationFailedError } from '@dspy-nest/platform';
import { parseListQuery } from './list-query';

function refusal(query: Record<string, string | string[]>): ValidationFailedError {
  try {
    parseListQuery(query);
  } catch (error) {
    expect(error).toBeInstanceOf(ValidationFailedError);
    return error as ValidationFailedError;
  }
  throw new Error('accepted');
}

describe('parseListQuery', () => {
  it('asks for nothing when nothing is given', () => expect(parseListQuery({})).toEqual({}));

  it('reads every parameter', () => {
    const query = {
      limit: '20',
      cursor: 'abc',
      sort: '-createdAt,name',
      'filter[model][notIn]': 'a,b',
      'filter[status][in]': 'failed,timed_out',
      'filter[createdAt][gte]': '2026-01-01T00:00:00Z',
      'filter[createdAt][lt]': '2027-01-01T00:00:00Z',
    };
    expect(parseListQuery(query)).toEqual({
      limit: 20,
      cursor: 'abc',
      sort: '-createdAt,name',
      filter: {
        model: { notIn: ['a', 'b'] },
        status: { in: ['failed', 'timed_out'] },
        createdAt: { gte: '2026-01-01T00:00:00Z', lt: '2027-01-01T00:00:00Z' },
      },
    });
  });

  it.each(['0', '201', '-1', '1.5', '', 'many', '1e2'])('refuses limit=%s', (limit) => {
    expect(refusal({ limit }).message).toBe('The query parameter "limit" must be an integer from 1 to 200.');
  });

  it.each([
    ['sort', 'created at', 'must be a field name'],
    ['sort', 'a,b,c,d,e,f', 'must be a field name'],
    ['cursor', '', 'must be the nextCursor'],
    ['filter', 'x', 'must have the form filter[field][op]'],
    ['filter[status]', 'x', 'must have the form filter[field][op]'],
    ['filter[a][b][c]', 'x', 'must have the form filter[field][op]'],
    ['filter[status][like]', 'x', 'has the unknown operator "like": use eq, ne, in'],
    ['filter[or][eq]', 'x', 'is no field'],
    ['filter[status][in]', Array(101).fill('x').join(','), 'must list at most 100 values'],
    ['page', '2', 'is not known here'],
  ])('refuses %s=%s', (name, value, rule) => {
    const error = refusal({ [name]: value });
    expect(error.message).toContain(`The query parameter "${name}" ${rule}`);
    expect(error.details.errors).toEqual([{ pointer: `/${name}`, code: 'invalid_parameter', message: error.message }]);
  });

  it('refuses a parameter given twice', () => {
    expect(refusal({ limit: ['1', '2'] }).message).toContain('"limit" must be given once');
  });

  it('names all that is wrong at once', () => {
    expect(refusal({ limit: 'x', page: '2' }).details.errors).toHaveLength(2);
  });

  it('keeps a field named like a member of Object apart from the prototype', () => {
    const { filter } = parseListQuery({ 'filter[constructor][eq]': 'x' });
    expect(filter).toEqual({ constructor: { eq: 'x' } });
    expect({}.constructor).toBe(Object);
  });
});
