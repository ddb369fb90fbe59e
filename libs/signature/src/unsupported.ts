const asList = 'Write list[…].';
const asText = 'Write string.';
const asObject = 'Write object{ name: type, … }.';
const notData = 'It is not data that JSON can carry.';

const hints = {
  tuple: asList,
  Tuple: asList,
  set: asList,
  Set: asList,
  frozenset: asList,
  FrozenSet: asList,
  Sequence: asList,
  Iterable: asList,
  Iterator: asList,
  Mapping: 'Write dict[…, …].',
  bytes: 'Write string, with the bytes in Base64.',
  bytearray: 'Write string, with the bytes in Base64.',
  complex: 'Write list[float].',
  Decimal: 'Write string, or float where rounding does no harm.',
  'decimal.Decimal': 'Write string, or float where rounding does no harm.',
  UUID: asText,
  'uuid.UUID': asText,
  Path: asText,
  'pathlib.Path': asText,
  time: asText,
  'datetime.time': asText,
  timedelta: 'Write float and put the unit into the name of the field.',
  'datetime.timedelta': 'Write float and put the unit into the name of the field.',
  BaseModel: asObject,
  'pydantic.BaseModel': asObject,
  TypedDict: asObject,
  NamedTuple: asObject,
  Annotated: 'Write the type alone; a description follows it in quotes.',
  None: 'Write optional[…] around the type of the value.',
  NoneType: 'Write optional[…] around the type of the value.',
  Callable: notData,
  Type: notData,
  type: notData,
  History: 'Write list[object{ role: string, content: string }].',
  'dspy.History': 'Write list[object{ role: string, content: string }].',
  Audio: 'Write url.',
  'dspy.Audio': 'Write url.',
  File: 'Write url.',
  'dspy.File': 'Write url.',
  Tool: notData,
  'dspy.Tool': notData,
  ToolCalls: notData,
  'dspy.ToolCalls': notData,
  Code: asText,
  'dspy.Code': asText,
} as const;

const hintOf: ReadonlyMap<string, string> = new Map(Object.entries(hints));

/** The types of Python and DSPy that have no form in the language. */
export type UnsupportedWord = keyof typeof hints;

/** What to write in place of a type that has no form in the language; undefined for all other words. */
export const hintForUnsupportedType = (word: string): string | undefined => hintOf.get(word);

export const writeUnsupportedTypeMessage = <Type extends string, Name extends string>(
  type: Type,
  field: Name,
): writeUnsupportedTypeMessage<Type, Name> => `Type "${type}" of field "${field}" is not supported.`;
export type writeUnsupportedTypeMessage<
  Type extends string,
  Name extends string,
> = `Type "${Type}" of field "${Name}" is not supported.`;
