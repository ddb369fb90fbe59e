import { nearest } from './nearest';
import { primitiveTypes, type PrimitiveType } from './spec';

// The words of DSPy and of the roadmap for the same things.
const otherWords = {
  str: 'string',
  Any: 'json',
  'datetime.date': 'date',
  'datetime.datetime': 'datetime',
  'dspy.Image': 'image',
  reasoning_chain: 'reasoning',
} as const satisfies Record<string, PrimitiveType>;
export type OtherWords = typeof otherWords;

/** What each primitive is in TypeScript. */
interface PrimitiveValues {
  string: string;
  int: number;
  float: number;
  bool: boolean;
  probability: number;
  reasoning: string[];
  date: string;
  datetime: string;
  url: string;
  email: string;
  json: unknown;
  image: string;
}
type WordValues = PrimitiveValues & { [Word in keyof OtherWords]: PrimitiveValues[OtherWords[Word]] };

const words: ReadonlyMap<string, PrimitiveType> = new Map<string, PrimitiveType>([
  ...primitiveTypes.map((type) => [type, type] as const),
  ...Object.entries(otherWords),
]);

/** The primitive a word stands for, if any. */
export const toPrimitive = (word: string): PrimitiveType | undefined => words.get(word);
export type PrimitiveWord = keyof WordValues;
export type toPrimitive<Word extends PrimitiveWord> = WordValues[Word];

export const writeUnknownTypeMessage = <Type extends string, Name extends string>(
  type: Type,
  field: Name,
): writeUnknownTypeMessage<Type, Name> => `Unknown type "${type}" of field "${field}".`;
export type writeUnknownTypeMessage<
  Type extends string,
  Name extends string,
> = `Unknown type "${Type}" of field "${Name}".`;

const suggestions: ReadonlyMap<string, string> = new Map([
  ['text', 'string'],
  ['integer', 'int'],
  ['number', 'float'],
  ['double', 'float'],
  ['boolean', 'bool'],
  ['array', 'list'],
  ['map', 'dict'],
  ['record', 'dict'],
  ['uri', 'url'],
  ['timestamp', 'datetime'],
]);
const knownWords = [
  ...primitiveTypes,
  'list',
  'dict',
  'optional',
  'enum',
  'object',
  'str',
  'Literal',
  'Optional',
  'Union',
];

/** What to write in place of an unknown word. */
export function hintForUnknownType(word: string): string {
  const known = suggestions.get(word.toLowerCase()) ?? nearest(word, knownWords);
  return known === undefined
    ? `Types are ${primitiveTypes.join(', ')}, list[…], dict[…, …], optional[…], enum[…], object{…}.`
    : `Did you mean "${known}"?`;
}
