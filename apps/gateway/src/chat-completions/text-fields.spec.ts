import { parseSignature } from '@dspy-nest/signature';
import { textOutput } from './text-fields';

it.each([
  ['a: string', 'a'],
  ['a: string(maxLength=5)', 'a'],
  ['a: url?', 'a'],
  ['a: enum["x", "y"]', 'a'],
  ['a: optional[date]', 'a'],
  ['a: enum["x", 1]', undefined],
  ['a: int', undefined],
  ['a: image', undefined],
  ['a: list[string]', undefined],
  ['a: string | int', undefined],
  ['a: string, b: string', undefined],
])('the text of the outputs %s is %s', (outputs, name) => {
  expect(textOutput(parseSignature(`q -> ${outputs}`, { name: 'Tested' }).outputs)).toBe(name);
});
