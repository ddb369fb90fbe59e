import { randomHex, isUuid, uuidv7 } from './ids';

describe('uuidv7', () => {
  it('has the version, the variant and the present time in it', () => {
    const beforeMs = Date.now();
    const id = uuidv7();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const madeMs = parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
    expect(madeMs).toBeGreaterThanOrEqual(beforeMs);
    expect(madeMs).toBeLessThanOrEqual(Date.now() + 1);
  });

  it('sorts by creation and never repeats, also within a millisecond', () => {
    const ids = Array.from({ length: 20_000 }, uuidv7);
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('randomHex', () => {
  it('gives two digits a byte and another value each time', () => {
    const values = Array.from({ length: 2_000 }, () => randomHex(16));
    expect(values.every((value) => /^[0-9a-f]{32}$/.test(value))).toBe(true);
    expect(new Set(values).size).toBe(values.length);
  });
});

describe('isUuid', () => {
  it.each([
    ['0190f5fe-7c00-7a00-8abc-0123456789ab', true],
    ['0190F5FE-7C00-7A00-8ABC-0123456789AB', true],
    ['0190f5fe-7c00-7a00-8abc-0123456789a', false],
    ['z190f5fe-7c00-7a00-8abc-0123456789ab', false],
    ['', false],
  ])('%j is %p', (text, expected) => {
    expect(isUuid(text)).toBe(expected);
  });
});
