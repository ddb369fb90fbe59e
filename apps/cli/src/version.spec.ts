import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VERSION } from './version';

it('is the version of the package', () => {
  expect(JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8'))).toMatchObject({ version: VERSION });
});
