import { ValidationFailedError } from '@dspy-nest/platform';
import { pageRequestFrom, toConnection } from './relay';

describe('pageRequestFrom', () => {
  it.each([
    [{}, {}],
    [
      { first: 3, after: 'c', sort: '-name' },
      { limit: 3, cursor: 'c', sort: '-name' },
    ],
    [
      { last: 3, before: 'c' },
      { limit: 3, cursor: 'c', backwards: true },
    ],
    [{ before: 'c' }, { cursor: 'c', backwards: true }],
    [{ first: 3, last: null, before: null, after: null, sort: null, filter: null }, { limit: 3 }],
  ])('reads %j', (args, request) => {
    expect(pageRequestFrom(args)).toEqual(request);
  });

  it('leaves out of a filter what was not given', () => {
    const filter = { name: { eq: 'x', ne: null }, kind: null, or: [{ not: { name: { in: ['y'], eq: null } } }] };
    expect(pageRequestFrom({ filter })).toEqual({
      filter: { name: { eq: 'x' }, or: [{ not: { name: { in: ['y'] } } }] },
    });
  });

  it.each([
    { first: 1, last: 1 },
    { first: 1, before: 'c' },
    { last: 1, after: 'c' },
    { first: 0 },
    { last: -1 },
    { first: 201 },
    { sort: 'x'.repeat(201) },
    { filter: { name: { like: 'x' } } },
  ])('refuses %j', (args) => {
    expect(() => pageRequestFrom(args)).toThrow(ValidationFailedError);
  });
});

describe('toConnection', () => {
  it('puts each item beside its cursor', () => {
    expect(toConnection({ items: ['a', 'b'], cursors: ['1', '2'], hasNext: true, hasPrevious: false })).toEqual({
      edges: [
        { node: 'a', cursor: '1' },
        { node: 'b', cursor: '2' },
      ],
      pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: '1', endCursor: '2' },
    });
  });

  it('of nothing has no cursors', () => {
    const { edges, pageInfo } = toConnection({ items: [], cursors: [], hasNext: false, hasPrevious: false });
    expect(edges).toEqual([]);
    expect(pageInfo).toMatchObject({ startCursor: null, endCursor: null });
  });
});
