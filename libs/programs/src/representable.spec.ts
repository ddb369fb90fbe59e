import { parseSignature } from '@dspy-nest/signature';
import { isRepresentable } from './representable';

const typeOf = (text: string) => parseSignature(`a -> out: ${text}`).outputs[0]!.type;

it.each([
  ['string', 'x'],
  ['int', 3],
  ['float', 0.5],
  ['bool', false],
  ['reasoning', ['a']],
  ['json', { any: 1 }],
  ['dict[string, int]', {}],
  ['string | int', 1],
  ['list[int]', [1, 2]],
  ['list[int?]', [1, null]],
  ['enum[1, "b"]', 1],
  ['object{ a: int, b: string? }', { a: 1 }],
  ['int(min=5)', 1],
])('%s can be %j', (type, value) => expect(isRepresentable(typeOf(type), value)).toBe(true));

it.each([
  ['string', 1],
  ['int', 0.5],
  ['float', '0.5'],
  ['bool', 0],
  ['reasoning', 'a'],
  ['list[int]', 1],
  ['list[int]', [1, null]],
  ['enum[1, "b"]', '1'],
  ['object{ a: int }', { a: 'x' }],
  ['object{ a: int }', [1]],
  ['object{ a: int }', null],
])('%s cannot be %j', (type, value) => expect(isRepresentable(typeOf(type), value)).toBe(false));
