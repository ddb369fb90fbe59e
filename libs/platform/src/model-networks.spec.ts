import { readFileSync } from 'node:fs';
import { BlockList } from 'node:net';
import fc from 'fast-check';
import { networksOf, refusedAs } from './model-networks';

interface Judged {
  address: string;
  allowed: string;
  refusedAs: string | null;
}

const FIXTURES = 'libs/contracts/fixtures/addresses/model-servers.json';
const judged = JSON.parse(readFileSync(FIXTURES, 'utf8')) as Judged[];
const none = new BlockList();

describe('refusedAs', () => {
  it.each(judged.map((row) => [row.address, row.allowed, row] as const))(
    'judges %s as workers do, when "%s" is allowed',
    (address, allowed, row) => expect(refusedAs(address, networksOf(allowed))).toBe(row.refusedAs),
  );

  it('refuses what is no address', () => expect(refusedAs('models.example', none)).toBe('unreadable'));

  it('judges an address of IPv4 alike when it is written as one of IPv6', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const hex = Buffer.from(address.split('.').map(Number)).toString('hex');
        const mapped = `::ffff:${hex.slice(0, 4)}:${hex.slice(4)}`;
        expect(refusedAs(mapped, none)).toBe(refusedAs(address, none));
        expect(refusedAs(mapped, networksOf(address))).toBeNull();
      }),
    );
  });
});

describe('networksOf', () => {
  it.each(['10.0.0.0/33', '::/129', 'models.example', '10.0.0.0/a', '10.0.0', '10.0.0.0/-1', '/8'])(
    'refuses "%s", and names it',
    (text) => expect(() => networksOf(`127.0.0.1, ${text}`)).toThrow(`"${text}"`),
  );
});
