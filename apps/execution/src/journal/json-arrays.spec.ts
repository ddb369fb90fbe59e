import { jsonArrays } from './json-arrays';

describe('jsonArrays', () => {
  it('puts together what fits', () => {
    expect(jsonArrays([{ a: 1 }, { b: [2] }], 100)).toEqual(['[{"a":1},{"b":[2]}]']);
  });

  it('begins another array where the next record would not fit, and gives a large one its own', () => {
    const [small, large] = [{ a: '1' }, { a: 'x'.repeat(50) }];
    const arrays = jsonArrays([small, small, large, small], 20);
    expect(arrays.map((array) => JSON.parse(array) as unknown)).toEqual([[small, small], [large], [small]]);
  });
});
