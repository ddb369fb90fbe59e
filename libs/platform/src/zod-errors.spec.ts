import { z } from 'zod';
import { fromZodError } from './zod-errors';

describe('fromZodError', () => {
  it('points at each wrong place, also where a name has the signs of a pointer in it', () => {
    const schema = z.strictObject({ 'a/b~c': z.int(), list: z.array(z.string()) });
    const { error } = schema.safeParse({ 'a/b~c': 'x', list: ['fine', 7] });
    const failed = fromZodError(error!);
    expect(failed.details.errors?.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/a~1b~0c', 'invalid_type'],
      ['/list/1', 'invalid_type'],
    ]);
    expect(failed.message).toContain('/list/1');
  });

  it('says when the whole document is wrong', () => {
    const { error } = z.object({}).safeParse(7);
    expect(fromZodError(error!).message).toContain('(document)');
  });
});
