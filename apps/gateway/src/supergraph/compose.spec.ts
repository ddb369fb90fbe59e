import { compose } from './compose';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';

describe('compose', () => {
  it('composes subgraphs that fit', () => {
    const result = compose([
      {
        name: 'registry',
        sdl: `${LINK} type Query { a: A } type A @key(fields: "id") { id: ID! }`,
      },
      {
        name: 'execution',
        sdl: `${LINK} type Query { b: Int } type A @key(fields: "id") { id: ID! n: Int }`,
      },
    ]);
    expect(result).toEqual({ supergraph: expect.stringContaining('nats:execution') as string });
  });

  it('tells why subgraphs do not fit', () => {
    const result = compose([
      { name: 'registry', sdl: `${LINK} type Query { a: Int }` },
      { name: 'execution', sdl: `${LINK} type Query { a: String }` },
    ]);
    expect(result).toEqual({ problem: expect.stringMatching(/do not fit together: .*Query\.a/) as string });
  });

  it('tells of a schema that cannot be read', () => {
    expect(compose([{ name: 'registry', sdl: 'type {' }])).toEqual({
      problem: expect.stringContaining('cannot be read') as string,
    });
  });
});
