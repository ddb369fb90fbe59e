import { ValidationFailedError } from '@dspy-nest/platform';
import { parseEventQuery } from './event-query';

describe('parseEventQuery', () => {
  it('reads one value or several', () => {
    const query = { 'filter[program][eq]': 'qa', 'filter[status][in]': 'failed,cancelled' };
    expect(parseEventQuery(query)).toEqual({ program: ['qa'], status: ['failed', 'cancelled'] });
    expect(parseEventQuery({})).toEqual({});
  });

  it.each([
    [{ 'filter[worker][eq]': 'w' }, '/filter[worker]', 'type, subject, program, status'],
    [{ 'filter[program][gt]': 'a' }, '/filter[program]', 'eq, in'],
    [{ 'filter[program][eq]': 'a', 'filter[program][in]': 'b' }, '/filter[program]', 'one operator'],
    [{ limit: '5' }, '/limit', 'not known here'],
    [{ colour: 'red' }, '/colour', 'not known here'],
  ])('refuses %j', (query: Record<string, string>, pointer, text) => {
    const refuse = (): unknown => parseEventQuery(query);
    expect(refuse).toThrow(ValidationFailedError);
    const place = { pointer, message: expect.stringContaining(text) as string };
    expect(refuse).toThrow(expect.objectContaining({ details: { errors: [expect.objectContaining(place)] } }) as Error);
  });
});
