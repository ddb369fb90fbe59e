import { parseStartArguments } from './start.arguments';

describe('parseStartArguments', () => {
  it('reads flags in any order', () => {
    expect(parseStartArguments([])).toEqual({ once: false, json: false, empty: false });
    expect(parseStartArguments(['--json', '--once'])).toEqual({ once: true, json: true, empty: false });
    expect(parseStartArguments(['--empty'])).toEqual({ once: false, json: false, empty: true });
  });

  it('names what it does not know', () => {
    expect(() => parseStartArguments(['--once', '--onec', 'x'])).toThrow(
      'npm start does not know --onec x; allowed are --once, --json, --empty.',
    );
  });

  it('refuses a demo run without the demo', () => {
    expect(() => parseStartArguments(['--once', '--empty'])).toThrow('give one of them');
  });
});
