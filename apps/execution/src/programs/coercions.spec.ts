import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Coercion } from '@dspy-nest/contracts';
import { type Field, type SignatureSpec, parseSignature } from '@dspy-nest/signature';
import { compileInputsCheck } from './inputs';
import { InvalidInputsError } from './programs.errors';

interface CoercionFixture {
  name: string;
  field: Omit<Field, 'name'>;
  mode: 'strict' | 'coerce';
  raw: unknown;
}

const fixtures = readFileSync(resolve(__dirname, '../../../../libs/signature/fixtures/coercions.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as CoercionFixture);

const specOf = (field: CoercionFixture['field']): SignatureSpec => ({
  ...parseSignature('value -> answer'),
  inputs: [{ name: 'value', ...field }],
});

const withoutSide = (pointer: string): string => pointer.replace(/^\/inputs/, '');

function outcomeOf({ field, mode, raw }: CoercionFixture): object {
  try {
    const { inputs, coercions } = compileInputsCheck(specOf(field), mode)({ value: raw });
    const told = coercions.map((coercion: Coercion) => ({ ...coercion, pointer: withoutSide(coercion.pointer) }));
    return { valid: true, value: inputs['value'], coercions: told };
  } catch (error) {
    if (!(error instanceof InvalidInputsError)) throw error;
    const pointers = (error.details.errors ?? []).map(({ pointer }) => withoutSide(pointer));
    return { valid: false, errors: [...new Set(pointers)].sort() };
  }
}

describe('the coercions that both languages make', () => {
  it.each(fixtures)('$field.type: $name', (row) => {
    const { name: _name, field: _field, mode: _mode, raw: _raw, ...expected } = row as CoercionFixture & object;
    expect(outcomeOf(row)).toEqual(expected);
  });
});
