import { readFileSync } from 'node:fs';
import { FIXTURES, madeFixtures } from './fixtures';

describe('the fixtures of the signature language', () => {
  it.each([...madeFixtures()])(
    '%s is what the language makes now, else run `npm run fixtures:generate`',
    (name, text) => {
      expect(readFileSync(`${FIXTURES}/${name}`, 'utf8')).toBe(text);
    },
  );
});
