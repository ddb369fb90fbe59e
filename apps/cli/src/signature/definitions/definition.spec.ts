import { spanInFile, wholeText } from './definition';

describe('the place of a definition in its file', () => {
  const definition = {
    text: 'ab -> cd',
    stretches: [
      { at: 0, offset: 100, length: 2 },
      { at: 2, offset: 50, length: 0 },
      { at: 6, offset: 200, length: 2 },
    ],
    options: {},
  };

  it('is that of the stretch it stands in', () => {
    expect(spanInFile(definition, { offset: 1, length: 1 })).toEqual({ offset: 101, length: 1 });
    expect(spanInFile(definition, { offset: 6, length: 2 })).toEqual({ offset: 200, length: 2 });
  });

  it('is one place for what does not stand in the file', () => {
    expect(spanInFile(definition, { offset: 4, length: 2 })).toEqual({ offset: 50, length: 1 });
  });

  it('goes on over what stands between two stretches', () => {
    expect(spanInFile(definition, { offset: 0, length: 8 })).toEqual({ offset: 100, length: 102 });
  });

  it('has a length where the stretches stand in another order', () => {
    expect(spanInFile(definition, { offset: 0, length: 3 })).toEqual({ offset: 100, length: 1 });
  });

  it('is the same in a text that is nothing but a definition', () => {
    expect(spanInFile(wholeText('a -> b'), { offset: 5, length: 1 })).toEqual({ offset: 5, length: 1 });
  });
});
