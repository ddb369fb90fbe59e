import addFormats from 'ajv-formats';
import Ajv2020 from 'ajv/dist/2020';
import fc from 'fast-check';
import { brokenStrictRules } from '../test/openai-strict-rules';
import { specArbitrary } from '../test/spec-arbitrary';
import {
  hashSpec,
  inputJsonSchema,
  JsonSchemaError,
  openAiStrictInputSchema,
  openAiStrictOutputSchema,
  outputJsonSchema,
  parseSignature,
  printSignature,
  specFromJsonSchema,
  type FieldType,
  type JsonSchema,
  type SignatureSpec,
} from './index';

// `npm run verify:signatures` sets 10,000.
const runs = Number(process.env['SIGNATURE_RUNS'] ?? 200);
jest.setTimeout(30_000 + runs * 100);

const ajv = addFormats(new Ajv2020({ strict: true, allowUnionTypes: true }));

function forAnySpec(holds: (spec: SignatureSpec) => void): void {
  fc.assert(fc.property(specArbitrary, holds), { numRuns: runs, endOnFailure: true });
}

function hasNoStrictForm(type: FieldType): boolean {
  if (typeof type === 'string') return type === 'json';
  if (type.kind === 'list') return hasNoStrictForm(type.items);
  if (type.kind === 'union') return type.members.some(hasNoStrictForm);
  if (type.kind === 'object') return type.fields.some((field) => hasNoStrictForm(field.type));
  return type.kind === 'optional' || type.kind === 'constrained' ? hasNoStrictForm(type.of) : type.kind === 'dict';
}

/** The strict schema of a side, or undefined when it was refused. */
function strictOf(write: () => JsonSchema): JsonSchema | undefined {
  try {
    return write();
  } catch (error) {
    if (error instanceof JsonSchemaError) return undefined;
    throw error;
  }
}

describe('any spec', () => {
  it('comes back from its text', () => {
    forAnySpec((spec) => {
      const { name, version, instructions } = spec;
      expect(parseSignature(printSignature(spec), { name, version, instructions })).toEqual(spec);
    });
  });

  it('comes back from JSON, with its hash', () => {
    forAnySpec((spec) => {
      const back = JSON.parse(JSON.stringify(spec)) as SignatureSpec;
      expect(back).toEqual(spec);
      expect(hashSpec(back)).toBe(spec.hash);
    });
  });

  it('comes back from its JSON Schemas, which are valid', () => {
    forAnySpec((spec) => {
      const schemas = { input: inputJsonSchema(spec), output: outputJsonSchema(spec) };
      expect([ajv.validateSchema(schemas.input), ajv.validateSchema(schemas.output)]).toEqual([true, true]);
      const { name, version, instructions } = spec;
      expect(specFromJsonSchema(schemas, { name, version, instructions })).toEqual(spec);
    });
  });

  it("has a strict schema by OpenAI's rules, or a dict or json that has none", () => {
    forAnySpec((spec) => {
      for (const [fields, write] of [
        [spec.inputs, openAiStrictInputSchema],
        [spec.outputs, openAiStrictOutputSchema],
      ] as const) {
        const schema = strictOf(() => write(spec));
        expect(schema === undefined).toBe(fields.some((field) => hasNoStrictForm(field.type)));
        if (schema === undefined) continue;
        expect(brokenStrictRules(schema)).toEqual([]);
        expect(ajv.validateSchema(schema)).toBe(true);
      }
    });
  });
});
