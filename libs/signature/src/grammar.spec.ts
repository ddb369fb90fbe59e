import { checkSignature, parseSignature, type FieldType } from './index';
import { writeUnknownTypeMessage } from './primitive';
import { writeRoundedMessage } from './scalar';
import { writeArgumentCountMessage, writeNoBracketsMessage } from './type-arguments';
import { writeExpectedMessage } from './unexpected';
import { writeUnsupportedTypeMessage } from './unsupported';
import { writeDictKeyMessage } from './dict';
import { writeArrowMessage, writeEnumValueMessage, writeRepeatedValueMessage } from './enum';
import { writeUnterminatedMessage, writeEscapeMessage } from './quoted';

const typeOf = (type: string): FieldType | undefined => parseSignature(`x: ${type} -> y`).inputs[0]?.type;
const errorOf = (type: string): [code?: string, message?: string, hint?: string] => {
  const [error] = checkSignature(`x: ${type} -> y`).errors;
  return [error?.code, error?.message, error?.hint];
};

describe('a type', () => {
  it.each<[string, FieldType]>([
    [
      'typing.List[typing.Dict[str, typing.Any]]',
      { kind: 'list', items: { kind: 'dict', keys: 'string', values: 'json' } },
    ],
    ['list[int | None]', { kind: 'list', items: { kind: 'optional', of: 'int' } }],
    [
      'list[Optional[Union[int, str]]]',
      { kind: 'list', items: { kind: 'optional', of: { kind: 'union', members: ['int', 'string'] } } },
    ],
    ['int | Union[int, Union[bool, str]]', { kind: 'union', members: ['int', 'bool', 'string'] }],
    [
      'int(min=1) | string',
      { kind: 'union', members: [{ kind: 'constrained', of: 'int', constraints: { min: 1 } }, 'string'] },
    ],
    [`Literal['a', "b", 3, -1, True]`, { kind: 'enum', values: ['a', 'b', 3, -1, true] }],
    [
      'dict[enum["k"], list]',
      { kind: 'dict', keys: { kind: 'enum', values: ['k'] }, values: { kind: 'list', items: 'json' } },
    ],
    [
      'object{ a, b: int? "n" }',
      {
        kind: 'object',
        fields: [
          { name: 'a', type: 'string', optional: false },
          { name: 'b', type: 'int', optional: true, description: 'n' },
        ],
      },
    ],
  ])('is read: %s', (text, type) => {
    expect(typeOf(text)).toEqual(type);
  });

  it('that repeats itself in a union is that type, with its limits', () => {
    expect(parseSignature('x: int(min=1) | int(min=1) -> y').inputs).toEqual([
      { name: 'x', type: 'int', constraints: { min: 1 }, optional: false },
    ]);
  });

  it.each([
    ['strin', 'Did you mean "string"?'],
    ['Boolean', 'Did you mean "bool"?'],
    ['optionl', 'Did you mean "optional"?'],
    ['Image', 'Did you mean "image"?'],
    ['probabilty', 'Did you mean "probability"?'],
    ['Pandas', expect.stringMatching(/^Types are string, int/)],
  ])('that is unknown gets a hint: %s', (word, hint) => {
    expect(errorOf(word)).toEqual(['unknown_type', writeUnknownTypeMessage(word, 'x'), hint]);
    expect(errorOf(`list[${word}[a, b]]`)).toEqual(['unknown_type', writeUnknownTypeMessage(word, 'x'), hint]);
  });

  it.each(['tuple', 'set', 'bytes', 'Path', 'BaseModel', 'dspy.History', 'None', 'NoneType', 'Callable'])(
    'that has no form here is told apart from an unknown one: %s',
    (word) => {
      expect(errorOf(word)).toEqual(['unsupported_type', writeUnsupportedTypeMessage(word, 'x'), expect.any(String)]);
    },
  );

  it.each([
    ['list[int, string]', writeArgumentCountMessage('list', 'x', 1, 2)],
    ['dict[string]', writeArgumentCountMessage('dict', 'x', 2, 1)],
    ['Optional[int, bool]', writeArgumentCountMessage('optional', 'x', 1, 2)],
    ['int[string]', writeNoBracketsMessage('int', 'x')],
  ])('with a wrong number of types in brackets is refused: %s', (type, message) => {
    expect(errorOf(type)).toEqual(['unsupported_type', message, expect.any(String)]);
  });

  it.each([
    ['', writeExpectedMessage('a type for field "x"', '"->"'), 'expected_type'],
    ['list[int', writeExpectedMessage('"," or "]" in the type of field "x"', '"->"'), 'unexpected_text'],
    ['object', writeExpectedMessage('"{" after "object" in the type of field "x"', '"->"'), 'unexpected_text'],
    ['enum', writeExpectedMessage('"[" after "enum" in the type of field "x"', '"->"'), 'unexpected_text'],
    ['int??', writeExpectedMessage('"," or "->" after field "x"', '"?"'), 'unexpected_text'],
    ['enum[1.5]', writeEnumValueMessage('x'), 'invalid_enum'],
    ['enum[9007199254740992]', writeRoundedMessage('9007199254740992', 'x'), 'invalid_number'],
    ['float(min=-9007199254740993)', writeRoundedMessage('-9007199254740993', 'x'), 'invalid_number'],
    ["Literal['a->b']", writeArrowMessage('x'), 'invalid_enum'],
    ['enum["a", "a"]', writeRepeatedValueMessage('x'), 'invalid_enum'],
    ['dict[float, int]', writeDictKeyMessage('x'), 'invalid_dict_key'],
    ['dict[string?, int]', writeDictKeyMessage('x'), 'invalid_dict_key'],
    ['enum["a]', writeUnterminatedMessage('x'), 'invalid_string'],
    ['enum["a\nb"]', writeUnterminatedMessage('x'), 'invalid_string'],
    ['enum["\\x41"]', writeEscapeMessage('x', 'x'), 'invalid_string'],
    ['enum["\\u12"]', writeEscapeMessage('u', 'x'), 'invalid_string'],
    ['enum["\\ud800"]', 'Half of a surrogate pair stands alone.', 'invalid_string'],
  ])('that is broken is refused: %j', (type, message, code) => {
    expect(errorOf(type).slice(0, 2)).toEqual([code, message]);
  });

  it('may write a whole surrogate pair by its escapes', () => {
    expect(typeOf('enum["\\ud83d\\ude00"]')).toEqual({ kind: 'enum', values: ['😀'] });
  });
});
