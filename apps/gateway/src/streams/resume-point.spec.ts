import { readResumePoint } from './resume-point';

describe('readResumePoint', () => {
  it.each([
    [undefined, undefined, undefined],
    [undefined, '7', 7],
    ['9', '7', 9],
    ['0', undefined, 0],
    ['', '7', 7],
  ])('of Last-Event-ID %p and after %p is %p', (header, after, sequence) => {
    expect(readResumePoint(header, after)).toBe(sequence);
  });

  it.each([
    ['Last-Event-ID', 'abc', undefined],
    ['after', undefined, '-1'],
    ['after', undefined, '1.5'],
    ['after', undefined, ['1', '2']],
    ['after', undefined, '1'.repeat(16)],
  ])('refuses a wrong %s', (name, header, after) => {
    expect(() => readResumePoint(header, after)).toThrow(`${name} must be the number of an event`);
  });
});
