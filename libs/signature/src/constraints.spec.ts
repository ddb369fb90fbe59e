import { checkSignature, parseSignature } from './index';
import { writeUnknownConstraintMessage } from './constraints';
import { writeExpectedMessage } from './unexpected';

const limitsOf = (type: string): unknown => parseSignature(`x: ${type} -> y`).inputs[0]?.constraints;
const messages = (type: string): string[] => checkSignature(`x: ${type} -> y`).errors.map((error) => error.message);

describe('constraints', () => {
  it.each([
    ['int(min=-1, max=1e2)', { min: -1, max: 100 }],
    ['probability(min=0.5)', { min: 0.5 }],
    ['string(minLength=1, maxLength=80, pattern="^[A-Z]")', { minLength: 1, maxLength: 80, pattern: '^[A-Z]' }],
    ['list[string](maxItems=5)', { maxItems: 5 }],
    ['reasoning(minItems=1)', { minItems: 1 }],
  ])('are read: %s', (type, limits) => {
    expect(limitsOf(type)).toEqual(limits);
  });

  it.each([
    ['string(min=1)', '"min" of field "x" does not apply to this type'],
    ['int(maxLength=1)', '"maxLength" of field "x" does not apply to this type'],
    ['optional[int](min=1)', '"min" of field "x" does not apply to this type'],
    ['enum["a"](minLength=1)', '"minLength" of field "x" does not apply to this type'],
    ['int(min=1.5)', '"min" of field "x" must be a whole number'],
    ['int(min="1")', '"min" of field "x" must be a number'],
    ['probability(min=-0.1)', '"min" of field "x" must be from 0 to 1'],
    ['probability(max=2)', '"max" of field "x" must be from 0 to 1'],
    ['string(minLength=-1)', '"minLength" of field "x" must not be negative'],
    ['int(min=1, min=2)', '"min" of field "x" is given twice'],
    ['list[string](minItems=0.5)', '"minItems" of field "x" must be a whole number'],
    ['object{ y: bool(max=1) }', '"max" of field "x.y" does not apply to this type'],
    ['int(min=2, max=1)', '"min" of field "x" is greater than "max": no value fits'],
    ['string(pattern=1)', '"pattern" of field "x" must be a quoted regular expression'],
    ['string(pattern="(")', '"pattern" of field "x" is not a valid regular expression'],
    ['string(pattern="(?=a)")', '"pattern" of field "x" must not look around or refer back to a group'],
    ['string(pattern="(?<!a)b")', '"pattern" of field "x" must not look around or refer back to a group'],
    ['string(pattern="(a)\\\\1")', '"pattern" of field "x" must not look around or refer back to a group'],
  ])('are refused: %s', (type, problem) => {
    expect(messages(type)).toEqual([`Constraint ${problem}.`]);
  });

  it('end with a comma, if one likes, and are not none', () => {
    expect(limitsOf('int(min=1, max=2,)')).toEqual({ min: 1, max: 2 });
    expect(messages('int()')).toEqual([writeExpectedMessage('a constraint of field "x"', '")"')]);
  });

  it('whose range is empty are pointed at', () => {
    expect(checkSignature('x: int ( min=2, max=1 ) -> y').errors).toMatchObject([{ offset: 9, length: 13 }]);
  });

  it('may name a group and escape a backslash before a digit', () => {
    expect(messages('string(pattern="(?<year>[0-9]+)\\\\\\\\1")')).toEqual([]);
  });

  it('of an unknown name get a hint', () => {
    const [error] = checkSignature('x: int(maximum=1) -> y').errors;
    expect([error?.message, error?.hint]).toEqual([writeUnknownConstraintMessage('maximum', 'x'), expect.any(String)]);
    expect(checkSignature('x: string(minlenght=1) -> y').errors[0]?.hint).toBe('Did you mean "minLength"?');
  });
});
