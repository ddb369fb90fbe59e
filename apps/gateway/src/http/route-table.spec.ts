import { RouteTable } from './route-table';

describe('RouteTable', () => {
  const table = new RouteTable();
  table.add('/v1/programs', 'POST');
  table.add('/v1/programs', ['GET', 'HEAD']);
  table.add('/v1/programs/:name', 'PATCH');
  table.add('/docs/*', 'GET');

  it('gathers the methods of a path', () =>
    expect(table.allowed('/v1/programs')).toEqual(['GET', 'HEAD', 'OPTIONS', 'POST']));

  it('matches parameters to one segment only', () => {
    expect(table.allowed('/v1/programs/qa')).toEqual(['OPTIONS', 'PATCH']);
    expect(table.allowed('/v1/programs/qa/versions')).toEqual([]);
    expect(table.allowed('/v1/programs/')).toEqual([]);
  });

  it('takes a path that is itself a route for no value of a parameter', () => {
    table.add('/v1/programs/check', 'POST');
    expect(table.allowed('/v1/programs/check')).toEqual(['OPTIONS', 'POST']);
  });

  it('matches a wildcard to the rest', () => expect(table.allowed('/docs/a/b.css')).toEqual(['GET', 'OPTIONS']));

  it('takes a dot for a dot', () => {
    const dotted = new RouteTable();
    dotted.add('/openapi.json', 'GET');
    expect(dotted.allowed('/openapi.json')).toEqual(['GET', 'OPTIONS']);
    expect(dotted.allowed('/openapiXjson')).toEqual([]);
  });
});
