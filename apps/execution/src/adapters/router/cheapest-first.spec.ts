import { cheapestFirst } from './cheapest-first';

const model = (name: string, inputPerMillionUsd: number | null, outputPerMillionUsd: number | null) => {
  return { name, pricing: { inputPerMillionUsd, outputPerMillionUsd } };
};

describe('cheapestFirst', () => {
  it('goes by what tokens in and out cost together', () => {
    const models = [model('big', 5, 15), model('odd', 0, 9), model('small', 1, 2)];
    expect(cheapestFirst(models).map(({ name }) => name)).toEqual(['small', 'odd', 'big']);
  });

  it('puts what has no price last, in the order of the program', () => {
    const models = [
      { name: 'b', pricing: null },
      model('half', 1, null),
      { name: 'a', pricing: null },
      model('dear', 90, 90),
    ];
    expect(cheapestFirst(models).map(({ name }) => name)).toEqual(['dear', 'b', 'half', 'a']);
  });

  it('keeps the order of equal prices', () => {
    expect(cheapestFirst([model('b', 1, 2), model('a', 2, 1)]).map(({ name }) => name)).toEqual(['b', 'a']);
  });
});
