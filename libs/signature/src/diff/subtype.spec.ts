import fc from 'fast-check';
import { smallSidesArbitrary } from '../../test/spec-arbitrary';
import { parseSignature, type FieldType } from '../index';
import { isSubtype, shapeOf, type ExtraMembers } from './subtype';

function typeOf(text: string): FieldType {
  const [field] = parseSignature(`a: ${text} -> z`).inputs;
  return field === undefined ? 'json' : shapeOf(field);
}

/** Which of two types is a part of the other: `<`, `>`, `=` both, `|` neither. */
function compare(one: string, other: string, extraMembers: ExtraMembers = 'refused'): string {
  const below = isSubtype(typeOf(one), typeOf(other), extraMembers);
  const above = isSubtype(typeOf(other), typeOf(one), extraMembers);
  if (below) return above ? '=' : '<';
  return above ? '>' : '|';
}

describe('isSubtype', () => {
  it.each([
    ['int', '<', 'float'],
    ['probability', '<', 'float'],
    ['probability', '=', 'float(min=0, max=1)'],
    ['int(min=0, max=1)', '<', 'probability'],
    ['int', '|', 'probability'],
    ['int(min=1, max=5)', '<', 'int(max=6)'],
    ['enum[0, 1]', '<', 'int(min=0)'],
    ['enum[-1, 1]', '|', 'int(min=0)'],
    ['enum["a", "b"]', '<', 'string(maxLength=1)'],
    ['enum["a", "bc"]', '|', 'string(maxLength=1)'],
    ['enum["a"]', '<', 'enum["b", "a"]'],
    ['enum["1"]', '|', 'enum[1]'],
    ['bool', '=', 'enum[true, false]'],
    ['bool', '>', 'enum[true]'],
    ['date', '<', 'string'],
    ['url', '<', 'string'],
    ['email', '<', 'string'],
    ['image', '<', 'string'],
    ['date', '|', 'datetime'],
    ['date', '|', 'string(minLength=1)'],
    ['string(minLength=2)', '<', 'string(minLength=1)'],
    ['string(pattern="a")', '<', 'string'],
    ['string(pattern="a")', '|', 'string(pattern="b")'],
    ['enum["a", "ab"]', '<', 'string(pattern="^a")'],
    ['enum["a", "b"]', '|', 'string(pattern="^a")'],
    ['string', '<', 'string?'],
    ['string', '<', 'int | string'],
    ['int | string', '=', 'string | int'],
    ['int | string', '<', 'float | string | bool'],
    ['int? | string', '=', 'optional[string | int]'],
    ['list[int]', '<', 'list[float?]'],
    ['list[int](minItems=1)', '<', 'list[int]'],
    ['list[int](maxItems=1)', '<', 'list[int](maxItems=2)'],
    ['list[int]', '|', 'list[string]'],
    ['reasoning', '=', 'list[string]'],
    ['dict[int, int]', '<', 'dict[string, float]'],
    ['dict[enum["a"], int]', '<', 'dict[enum["a", "b"], int]'],
    ['dict[enum["1", "-2"], int]', '<', 'dict[int, int]'],
    ['dict[enum["1", "01"], int]', '|', 'dict[int, int]'],
    ['object{ a: int }', '<', 'object{ a: float, b: int? }'],
    ['object{ a: int }', '|', 'object{ a: int, b: int }'],
    ['object{ a: int }', '<', 'object{ a: int? }'],
    ['object{ a: json }', '<', 'object{ a: json? }'],
    ['object{ a: int }', '<', 'dict[string, int]'],
    ['object{ a: int? }', '|', 'dict[string, int]'],
    ['object{ a: int }', '|', 'dict[int, int]'],
    ['list[object{ a: enum["x"] }]', '<', 'list[object{ a: string }]'],
  ])('%s %s %s', (one, sign, other) => {
    expect(compare(one, other)).toBe(sign);
    expect(compare(one, 'json')).toBe('<');
  });

  it('takes an object with more members for one with less where they are ignored', () => {
    expect(compare('object{ a: int, b: int }', 'object{ a: int }', 'ignored')).toBe('<');
    expect(compare('list[object{ a: int, b: int }?]', 'list[object{ a: float }?]', 'ignored')).toBe('<');
  });

  it('holds for every type and itself', () => {
    const property = fc.property(smallSidesArbitrary, ({ inputs, outputs }) => {
      for (const shape of [...inputs, ...outputs].map(shapeOf)) expect(isSubtype(shape, shape, 'refused')).toBe(true);
    });
    fc.assert(property, { numRuns: 300, endOnFailure: true });
  });
});
