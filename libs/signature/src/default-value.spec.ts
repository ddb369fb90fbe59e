import { checkSignature, parseSignature } from './index';
import { writeDefaultPlaceMessage, writeDefaultTypeMessage } from './default-value';

const messages = (text: string): string[] => checkSignature(text).errors.map((error) => error.message);

describe('a default', () => {
  it.each([
    ['str = "a"', 'a'],
    ["= 'a'", 'a'],
    ['int(min=1)? = 3 "how many"', 3],
    ['float = -1.5e-7', -1.5e-7],
    ['bool = True', true],
    ['int? = None', null],
    ['enum["a", 1] = 1', 1],
    ['int | string = "a"', 'a'],
    ['json = null', null],
  ])('is read: %s', (type, value) => {
    const text = type.startsWith('=') ? `x ${type} -> y` : `x: ${type} -> y`;
    expect(parseSignature(text).inputs[0]).toHaveProperty('default', value);
  });

  it.each([
    'int = 1.5',
    'int(min=2) = 1',
    'string(maxLength=1) = "ab"',
    'probability = 2',
    'bool = 1',
    'string = null',
    'enum["a"] = "b"',
    'list[int] = 1',
    'int | bool = "a"',
  ])('fits its type: %s does not', (type) => {
    expect(messages(`x: ${type} -> y`)).toEqual([writeDefaultTypeMessage('x')]);
  });

  it('belongs to inputs', () => {
    expect(messages('x -> y = "a"')).toEqual([writeDefaultPlaceMessage('y')]);
    expect(messages('x: object{ a = "b" } -> y')).toEqual([writeDefaultPlaceMessage('x.a')]);
  });
});
