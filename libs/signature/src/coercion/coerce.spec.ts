import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import fc from 'fast-check';
import { rawOf } from '../../test/raw-arbitrary';
import { sidesArbitrary } from '../../test/spec-arbitrary';
import { coerceField, coercionRules, jsonSchemaFormats, listCoercions, outputJsonSchema, type Field } from '../index';
import { isCarriable } from '../values/carriable';

interface CoercionFixture {
  name: string;
  field: Omit<Field, 'name'>;
  mode: 'strict' | 'coerce';
  raw: unknown;
  valid: boolean;
  value?: unknown;
  coercions?: unknown[];
}

const fixtures = readFileSync(resolve(__dirname, '../../fixtures/coercions.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as CoercionFixture);

const fieldAndRaw = sidesArbitrary.chain(({ outputs: [field] }) =>
  fc.record({ field: fc.constant(field as Field), raw: field === undefined ? fc.constant(null) : rawOf(field) }),
);

const compile = (field: Field): ValidateFunction =>
  new Ajv2020({ strict: false, meta: false, validateSchema: false, formats: jsonSchemaFormats }).compile(
    outputJsonSchema({ outputs: [field] }),
  );

describe('coerceField', () => {
  it.each(fixtures.filter(({ mode }) => mode === 'coerce'))('$field.type: $name', (row) => {
    const { fits, value, coercions } = coerceField(row.field, row.raw, '/value');
    expect(fits).toBe(row.valid);
    if (fits)
      expect({ value, coercions: listCoercions(coercions) }).toEqual({ value: row.value, coercions: row.coercions });
  });

  it('has a fixture for each rule, and many of them', () => {
    const used = fixtures.flatMap(({ coercions = [] }) => (coercions as { rule: string }[]).map(({ rule }) => rule));
    expect(coercionRules.filter((rule) => !used.includes(rule))).toEqual([]);
    expect(fixtures.length).toBeGreaterThanOrEqual(150);
  });

  it('changes nothing of what it has coerced, and nothing of a valid value', () => {
    fc.assert(
      fc.property(fieldAndRaw, ({ field, raw }) => {
        const first = coerceField(field, raw, '/value');
        if (!first.fits) return;
        expect(coerceField(field, first.value, '/value')).toEqual({ value: first.value, fits: true, coercions: [] });
        if (first.coercions.length === 0) expect(first.value).toEqual(raw);
      }),
      { numRuns: 500, endOnFailure: true },
    );
  });

  it('takes for right what a validator of the JSON Schema takes, if JSON carries it', () => {
    fc.assert(
      fc.property(fieldAndRaw, ({ field, raw }) => {
        const { fits, value, coercions } = coerceField(field, raw, '');
        const accepts = compile(field);
        expect(!fits || accepts({ [field.name]: value })).toBe(true);
        // Of an image the schema only says how it begins.
        const isJudged = !JSON.stringify(field.type).includes('"image"');
        const isRight = isJudged && isCarriable(raw) && accepts({ [field.name]: raw });
        expect(!isRight || (fits && coercions.length === 0)).toBe(true);
      }),
      { numRuns: 100, endOnFailure: true },
    );
  });

  it('leaves what it was given as it was', () => {
    const raw = { tags: ['yes', { A: '1' }] };
    const before = structuredClone(raw);
    const tags: Field['type'] = {
      kind: 'list',
      items: { kind: 'union', members: ['bool', { kind: 'dict', keys: 'string', values: 'int' }] },
    };
    coerceField(
      { type: { kind: 'object', fields: [{ name: 'tags', type: tags, optional: false }] }, optional: false },
      raw,
      '',
    );
    expect(raw).toEqual(before);
  });

  const list: Field['type'] = { kind: 'list', items: 'int' };
  const object: Field['type'] = { kind: 'object', fields: [{ name: 'a_b', type: 'int', optional: false }] };
  it.each<[string, Field['type'], unknown]>([
    ['bullets', list, '- 1\n'.repeat(50_000)],
    ['almost bullets', list, `${'- 1\n'.repeat(50_000)}x`],
    ['blanks', 'int', `${' '.repeat(200_000)}x${' '.repeat(200_000)}`],
    ['fences', list, '```'.repeat(60_000)],
    ['an unclosed fence', list, `\`\`\`json\n[${'1,'.repeat(90_000)}`],
    ['quotes', 'date', '"'.repeat(200_000)],
    ['digits', 'float', '1'.repeat(200_000)],
    ['groups', 'float', `1${',000'.repeat(50_000)}x`],
    ['dots in a URL', 'url', `https://${'a.'.repeat(100_000)} `],
    ['dots in an address', 'email', `${'a.'.repeat(100_000)}@`],
    ['punctuation in an enumeration', { kind: 'enum', values: ['a', 'b'] }, '.!'.repeat(100_000)],
    ['steps', 'reasoning', '1. \n'.repeat(50_000)],
    ['many items', list, Array.from({ length: 100_000 }, () => '1')],
    ['many members', object, Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`x${index}`, index]))],
    ['deep JSON', list, '['.repeat(100_000)],
  ])('takes time linear in %s', (_, type, raw) => {
    const started = process.cpuUsage();
    coerceField({ type, optional: false }, raw, '');
    expect(process.cpuUsage(started).user / 1_000).toBeLessThan(10_000);
  });
});
