import { FaultsArgumentsError, parseFaultsArguments } from './faults.arguments';

const KNOWN = ['kill-worker', 'cancel'];
const parse = (...given: string[]) => parseFaultsArguments(given, KNOWN);

describe('the flags of verify:faults', () => {
  it('leave everything to the scenarios but the seed, which is drawn', () => {
    const { seed, ...rest } = parse();
    expect(rest).toEqual({ scenarios: [], faults: undefined, executions: undefined });
    expect(Number.isInteger(seed)).toBe(true);
  });

  it('choose scenarios, budgets and the seed', () => {
    const given = ['--scenario', 'cancel', '--scenario', 'kill-worker', '--kills', '3', '--executions', '50'];
    expect(parse(...given, '--seed', '7')).toEqual({
      scenarios: ['cancel', 'kill-worker'],
      faults: 3,
      executions: 50,
      seed: 7,
    });
  });

  it.each([
    [['--scenario', 'flood'], '--scenario flood is not known; allowed are kill-worker, cancel.'],
    [['--kills', 'many'], '--kills is "many"; allowed is a whole number.'],
    [['--burn'], 'Allowed are --scenario, --kills, --executions, --seed.'],
  ])('refuse %j, naming what is allowed', (given, message) => {
    expect(() => parse(...given)).toThrow(FaultsArgumentsError);
    expect(() => parse(...given)).toThrow(message);
  });
});
