import { parseBenchArguments } from './bench.arguments';

describe('parseBenchArguments', () => {
  it('compares latencies unless told otherwise', () => {
    expect(parseBenchArguments([])).toEqual({ suite: 'latency', quick: false, json: undefined });
    expect(parseBenchArguments(['--apis'])).toEqual({ suite: 'apis', quick: false, json: undefined });
    expect(parseBenchArguments(['--native'])).toEqual({ suite: 'native', quick: false, json: undefined });
    expect(parseBenchArguments(['--growth', '--quick'])).toEqual({ suite: 'growth', quick: true, json: undefined });
    expect(parseBenchArguments(['--workers', '--json', 'a.json'])).toEqual({ suite: 'workers', quick: false, json: 'a.json' }); // prettier-ignore
  });

  it.each([
    [['--fast'], "Unknown option '--fast'"],
    [['--growth', '--workers'], 'give one of them'],
    [['--json'], 'argument missing'],
  ])('refuses %j', (given, message) => {
    expect(() => parseBenchArguments(given)).toThrow(message);
  });
});
