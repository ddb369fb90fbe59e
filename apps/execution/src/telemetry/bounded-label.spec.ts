import { BoundedLabel } from './bounded-label';

describe('BoundedLabel', () => {
  it('keeps the values it knows, also when no more are let in', () => {
    const label = new BoundedLabel(2);
    expect(['a', 'b', 'c', 'a', 'd', 'b'].map((value) => label.of(value))).toEqual([
      'a',
      'b',
      'other',
      'a',
      'other',
      'b',
    ]);
  });
});
