import { ValidationFailedError } from '@dspy-nest/platform';
import { parseStatsQuery } from './stats-query';

describe('parseStatsQuery', () => {
  it('asks for all of the last day by nothing', () => {
    expect(parseStatsQuery({})).toEqual({});
  });

  it('reads every parameter', () => {
    const query = {
      from: '2026-01-01T00:00:00Z',
      to: '2026-01-02T00:00:00+02:00',
      by: 'version,model',
      interval: 'hour',
      program: 'qa',
      version: '2',
      model: 'default',
    };
    expect(parseStatsQuery(query)).toEqual({ ...query, by: ['version', 'model'], version: 2 });
  });

  it.each([
    [{ from: 'yesterday' }, '/from'],
    [{ by: 'worker' }, '/by/0'],
    [{ by: '' }, '/by/0'],
    [{ interval: 'week' }, '/interval'],
    [{ version: '1.5' }, '/version'],
    [{ version: '0' }, '/version'],
    [{ program: 'No Name' }, '/program'],
    [{ model: ['a', 'b'] }, '/model'],
    [{ limit: '5' }, ''],
  ])('refuses %j', (query, pointer) => {
    expect(() => parseStatsQuery(query as Record<string, string | string[]>)).toThrow(ValidationFailedError);
    try {
      parseStatsQuery(query as Record<string, string | string[]>);
    } catch (error) {
      expect((error as ValidationFailedError).details['errors']).toMatchObject([{ pointer }]);
    }
  });
});
