import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { changeRules } from './rules';

const guide = readFileSync(join(__dirname, '../../../../docs/guides/signature-versions.md'), 'utf8');

it('is the table of the guide, word by word', () => {
  const rows = [...guide.matchAll(/^\| `([a-z_]+)` \| [^|]+ \| ([^|]+) \| ([^|]*)\|$/gm)].map(
    ([, code, inputs = '', outputs = '']) => [code, inputs.trim(), outputs.trim()],
  );
  const rules = Object.entries(changeRules).map(([code, { input, output }]) => [
    code,
    `${input.verdict}: ${input.because}`,
    // An output has no default.
    code.startsWith('default_') ? '' : `${output.verdict}: ${output.because}`,
  ]);
  expect(rows).toEqual(rules);
});
