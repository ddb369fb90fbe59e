import { parseSignature, primitiveTypes, type ParseOptions, type SignatureSpec } from '@dspy-nest/signature';

// What could make two languages write different JSON: numbers at the edges of their forms, escapes, order by UTF-16, nesting.
const numbers = [
  '0', '-0', '0.0', '1', '-1', '1.5', '-0.1', '0.30000000000000004', '100', '1e2', '123456789', '9007199254740991',
  '-9007199254740991', '1e15', '1e16', '1e20', '1.2345678901234568e20', '9.999999999999999e20', '1e21', '1.5e21', '1e22',
  '1e100', '1.7976931348623157e308', '-1.7976931348623157e308', '0.1', '0.01', '0.000001', '1.5e-6', '0.0000001', '1e-7',
  '1.5e-7', '1e-10', '5e-324', '-5e-324', '2.2250738585072014e-308', '333333333.3333333', '4.5', '2e-3',
]; // prettier-ignore

const texts = [
  'plain', 'with "quotes" and \'others\'', 'back\\slash / slash', 'line\nbreak, tab\tand return\r', '\u0001\u001f\u007f\u0080',
  'é and e\u0301', '质问 → 答案', '👩‍👩‍👧 and 🇨🇭', 'עברית', '\u2028 and \u2029', '\ufeff\ufffd\uffff', '𝒳 𐐷', 'a -> b',
]; // prettier-ignore

const types = [
  ...primitiveTypes.filter((type) => type !== 'image'),
  'int(min=1, max=10)', 'int(min=-9007199254740991)', 'float(min=-1.5, max=1e21)', 'float(min=1e-7)', 'probability(min=0.5)',
  'string(minLength=1, maxLength=80)', 'string(pattern="^[A-Z]\\\\d{1,3}[\\"é]?$")', 'reasoning(minItems=2, maxItems=4)',
  'list[string](maxItems=5)', 'list[list[list[int?]]]', 'list[int(min=0)]', 'dict[string, json]', 'dict[int, list[float]]',
  'dict[enum["b", "a"], bool]', 'enum["a"]', 'enum["b", "a", "", "é", "👍"]', 'enum[3, 2, 1, 0, -1, 9007199254740991]',
  'enum["1", 1, true, "true", false]', 'int | string', 'int | float | bool', 'list[date] | datetime | enum["never"]',
  'optional[int | string]', 'bool?', 'object{ a: int, b: string? "inner", c: object{ d: list[url] } }',
  'list[object{ Z: int, a: int, A: int, z1: int, z_: int }]', 'list[list[list[list[list[list[list[list[int]]]]]]]]',
]; // prettier-ignore

const whole: [text: string, options?: ParseOptions][] = [
  ['question -> answer'],
  ['question, documents: list[str] -> label: Literal["a", "b"], score: Optional[float]'],
  ['z, y, x, Z, Y, X, a1, a10, a2, a_ -> aa, b'],
  ['x -> y', { name: 'Named', version: 7, instructions: 'Do it.' }],
  ['x -> y', { instructions: 'Lines.\n\n  - indented\n\ttabbed ' }],
  ['x: bool = true, y: enum["a", 1] = 1, z: string? = null, w: string = "" -> v'],
  ['x "\\u0000" -> y: enum["\\u0000", "other"] "\\u0000"', { instructions: '\u0000' }],
  ['photo: image "a picture", photos: list[image] -> caption'],
  [`${Array.from({ length: 64 }, (_, index) => `in${index}`).join(', ')} -> out`],
];

/** Specs whose hashes both languages must agree on, as widely spread as the language allows. */
export function hashedSpecs(): SignatureSpec[] {
  return [
    ...whole.map(([text, options]) => parseSignature(text, options)),
    ...types.map((type) => parseSignature(`x: ${type} -> y: ${type}`)),
    ...numbers.map((number) => parseSignature(`x: float = ${number} -> y`)),
    ...texts.map((text) => describedBy(JSON.stringify(text), text)),
  ];
}

function describedBy(quoted: string, text: string): SignatureSpec {
  const definition = `x: string = ${quoted} ${quoted} -> y: enum[${quoted}, "other"] ${quoted}`;
  return parseSignature(definition, { instructions: text });
}
