import { inputJsonSchema, outputJsonSchema, parseSignature } from '@dspy-nest/signature';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { exampleOfFields } from './field-example';

const ajv = addFormats(new Ajv2020({ strict: false }));

const TYPES = [
  'string',
  'string(minLength=30, maxLength=40)',
  'string(maxLength=2)',
  'int',
  'int(min=7)',
  'int(max=-3)',
  'float(min=0, max=0.5)',
  'bool',
  'probability',
  'probability(max=0.25)',
  'reasoning',
  'reasoning(minItems=2)',
  'date',
  'datetime',
  'url',
  'email',
  'json',
  'image',
  'list[int](minItems=3)',
  'list[string](maxItems=0)',
  'list[string(pattern="^x+$")]',
  'dict[string, list[date]]',
  'dict[int, bool]',
  'dict[enum["a", "b"], float]',
  'dict[string, string(pattern="^x+$")]',
  'enum[3, "three", true]',
  'string(pattern="^x+$") | int',
  'optional[string(pattern="^x+$")]',
  'object{ deep: object{ at: datetime, more: string(pattern="^x+$")? } }',
];

it.each(TYPES)('gives a value that %s takes', (type) => {
  const signature = parseSignature(`a: ${type} -> b: ${type}`, { name: 'Tested' });
  for (const [fields, schema] of [
    [signature.inputs, inputJsonSchema(signature)],
    [signature.outputs, outputJsonSchema(signature)],
  ] as const) {
    const example = exampleOfFields(fields);
    ajv.validate(schema, example);
    expect([example, ajv.errors]).toEqual([expect.any(Object), null]);
  }
});

it('says null where it may, and gives up where a text must fit a pattern', () => {
  const { inputs, outputs } = parseSignature(
    'plain, kept: string(pattern="^x")?, said: enum["a", "b"] = "b" -> code: string(pattern="^x")',
    { name: 'Tested' },
  );
  expect(exampleOfFields(inputs)).toEqual({ plain: 'Some plain', kept: null, said: 'b' });
  expect(exampleOfFields(outputs)).toBeUndefined();
});
