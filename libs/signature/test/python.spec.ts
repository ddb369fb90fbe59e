import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { canonicalJson, type SignatureSpec } from '@dspy-nest/signature';
import { specArbitrary } from './spec-arbitrary';

// `npm run verify:signatures` sets 10,000.
const runs = Number(process.env['SIGNATURE_RUNS'] ?? 100);
const perProcess = 2_000;
jest.setTimeout(60_000 + runs * 100);

interface SpecAnswer {
  hash: string;
  canonical: string;
  fields: [inputs: string[], outputs: string[]];
}

function askPython<Answer>(rows: readonly unknown[]): Answer[] {
  const input = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  const env = { ...process.env, PYTHONPATH: 'python-worker/src' };
  const options = { input, env, maxBuffer: 2 ** 30, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync('.venv/bin/python', ['python-worker/tests/spec_answers.py'], options);
  if (status !== 0) throw new Error(`Python ended with ${status}:\n${stderr.slice(-4_000)}`);
  return stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as Answer); // prettier-ignore
}

function inParts<Row>(rows: readonly Row[]): Row[][] {
  return Array.from({ length: Math.ceil(rows.length / perProcess) }, (_, index) =>
    rows.slice(index * perProcess, (index + 1) * perProcess),
  );
}

function expected(spec: SignatureSpec): SpecAnswer {
  const fields: SpecAnswer['fields'] = [spec.inputs.map(({ name }) => name), spec.outputs.map(({ name }) => name)];
  return { hash: spec.hash, canonical: canonicalJson(spec), fields };
}

describe('the worker', () => {
  it('reads any spec as it is, finds its hash, and builds its DSPy signature', () => {
    for (const specs of inParts(fc.sample(specArbitrary, runs))) {
      expect(askPython<SpecAnswer>(specs)).toEqual(specs.map(expected));
    }
  });

  it('writes any number as JavaScript does', () => {
    const numbers = Array.from({ length: runs * 10 }, () => randomBytes(8)).filter((bits) =>
      Number.isFinite(bits.readDoubleBE()),
    );
    const texts = askPython<string>(numbers.map((bits) => bits.toString('hex')));
    const differing = numbers.filter((bits, index) => texts[index] !== JSON.stringify(bits.readDoubleBE()));
    expect(texts).toHaveLength(numbers.length);
    expect(differing.map((bits) => bits.toString('hex'))).toEqual([]);
  });
});
