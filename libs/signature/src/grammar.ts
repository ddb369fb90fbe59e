import { parseConstraints } from './constraints';
import { shorten, type Cursor, type Span } from './cursor';
import { checkDefault, parseDefault } from './default-value';
import { toDict } from './dict';
import { parseEnum } from './enum';
import type { Fault } from './errors';
import { toList } from './list';
import { checkName, type Place } from './name';
import { toObject, type FieldOf } from './object';
import { toOptional } from './optional';
import { hintForUnknownType, toPrimitive, writeUnknownTypeMessage, type PrimitiveWord } from './primitive';
import { atQuote, parseQuoted } from './quoted';
import type { takeWord, trimStart } from './scan';
import { signatureLimits, type Field, type FieldType } from './spec';
import { skipBrackets } from './skip';
import { writeNoBracketsMessage } from './type-arguments';
import { requireType, type TypeNode } from './type-node';
import { failExpected, writeExpectedMessage } from './unexpected';
import { toUnion } from './union';
import { hintForUnsupportedType, writeUnsupportedTypeMessage, type UnsupportedWord } from './unsupported';

// Fields hold types, and an `object{…}` holds fields: this knot is one file, the constructs around it are not.

/** Where a type stands: in which field, for messages, and below how many brackets. */
interface Inside {
  field: string;
  depth: number;
}

// `typing.List` is `List`; the words of other modules keep their module's name.
const typingPrefix = /^typing\.(?=[A-Z])/;
type withoutTyping<Word extends string> = Word extends `typing.${infer Name}`
  ? Name extends Capitalize<Name>
    ? Name
    : Word
  : Word;

/** Reads a type: members joined by `|`. */
export function parseType(cursor: Cursor, inside: Inside): TypeNode {
  const first = parseMember(cursor, inside);
  const others: TypeNode[] = [];
  while (cursor.take('|')) others.push(parseMember(cursor, inside));
  return toUnion([first, ...others]);
}
/** `[[type, optional], rest]` or a fault. */
export type parseType<S extends string, Name extends string> = joinMembers<parseMember<S, Name>, Name>;

type joinMembers<Read, Name extends string> = Read extends [infer Node, `|${infer Rest}`]
  ? joinMembers<addMember<Node, parseMember<trimStart<Rest>, Name>>, Name>
  : Read;
type addMember<Left, Read> = Read extends [infer Right, infer Rest] ? [toUnion<Left, Right>, Rest] : Read;

function parseMember(cursor: Cursor, inside: Inside): TypeNode {
  cursor.take(':');
  const offset = cursor.offset;
  let node: TypeNode = { ...parseOperand(cursor, inside), offset, length: 0 };
  if (cursor.take('(')) node = { ...node, constraints: parseConstraints(cursor, node, inside.field) };
  if (cursor.take('?')) node = { ...node, optional: true };
  return { ...node, length: cursor.text.slice(offset, cursor.offset).trimEnd().length };
}
type parseMember<S extends string, Name extends string> = S extends `:${infer Rest}`
  ? markOptional<constrain<parseOperand<trimStart<Rest>, Name>, Name>>
  : markOptional<constrain<parseOperand<S, Name>, Name>>;

type constrain<Read, Name extends string> = Read extends [infer Node, `(${infer Inner}`]
  ? parseConstraints<trimStart<Inner>, Name> extends infer Rest
    ? Rest extends string
      ? [Node, Rest]
      : Rest
    : never
  : Read;
type markOptional<Read> = Read extends [[infer Type, boolean], `?${infer Rest}`]
  ? [[Type, true], trimStart<Rest>]
  : Read;

type Operand = Omit<TypeNode, keyof Span>;

function parseOperand(cursor: Cursor, inside: Inside): Operand {
  const word = cursor.takeWord();
  const name = word.text.replace(typingPrefix, '');
  if (name === '') return failType(cursor, inside);
  const primitive = toPrimitive(name);
  if (primitive !== undefined) {
    if (cursor.startsWith('[')) {
      cursor.fail('unsupported_type', writeNoBracketsMessage(word.text, inside.field), word, 'Leave the brackets out.');
    }
    return { type: primitive, optional: false };
  }
  if (name === 'None') return { optional: true };
  return parseConstruct(cursor, name, inside) ?? refuseWord(cursor, { ...word, text: name }, inside);
}
type parseOperand<S extends string, Name extends string> =
  takeWord<S> extends [infer Word extends string, infer Rest extends string, boolean]
    ? Word extends ''
      ? failType<S, Name>
      : parseOperandOf<withoutTyping<Word>, Rest, Name>
    : never;

type parseOperandOf<Word extends string, Rest extends string, Name extends string> = Word extends PrimitiveWord
  ? Rest extends `[${string}`
    ? Fault<writeNoBracketsMessage<Word, Name>>
    : [[toPrimitive<Word>, false], Rest]
  : Word extends 'None'
    ? [[never, true], Rest]
    : parseConstruct<Word, Rest, Name>;

function parseConstruct(cursor: Cursor, word: string, inside: Inside): Operand | undefined {
  const { field } = inside;
  switch (word) {
    case 'list':
    case 'List':
      return {
        type: cursor.startsWith('[') ? toList(cursor, parseArguments(cursor, word, inside), field) : anyList,
        optional: false,
      };
    case 'dict':
    case 'Dict':
      return {
        type: cursor.startsWith('[') ? toDict(cursor, parseArguments(cursor, word, inside), field) : anyDict,
        optional: false,
      };
    case 'optional':
    case 'Optional':
      return toOptional(cursor, parseArguments(cursor, word, inside), field);
    case 'Union':
      return toUnion(parseArguments(cursor, word, inside));
    case 'enum':
    case 'Literal':
      if (!cursor.take('[')) failExpected(cursor, `"[" after "${word}"`);
      return parseEnum(cursor, field);
    case 'object':
      if (!cursor.take('{')) failExpected(cursor, '"{" after "object"', 'A value of any form is json.');
      return { type: parseObject(cursor, deeper(cursor, inside)), optional: false };
    default:
      return undefined;
  }
}
type parseConstruct<Word extends string, Rest extends string, Name extends string> = Word extends keyof Generics
  ? Rest extends `[${infer Inner}`
    ? build<Generics[Word], parseArguments<trimStart<Inner>, Name, []>, Name>
    : Generics[Word] extends 'list'
      ? [[unknown[], false], Rest]
      : Generics[Word] extends 'dict'
        ? [[Record<string, unknown>, false], Rest]
        : failExpected<`"[" after "${Word}"`, Rest>
  : Word extends 'enum' | 'Literal'
    ? Rest extends `[${infer Inner}`
      ? parseEnum<trimStart<Inner>, Name>
      : failExpected<`"[" after "${Word}"`, Rest>
    : Word extends 'object'
      ? Rest extends `{${infer Inner}`
        ? closeObject<parseFields<trimStart<Inner>, 'object', never>>
        : failExpected<'"{" after "object"', Rest>
      : Word extends UnsupportedWord
        ? Fault<writeUnsupportedTypeMessage<Word, Name>>
        : Fault<writeUnknownTypeMessage<Word, Name>>;

const anyList = { kind: 'list', items: 'json' } as const;
const anyDict = { kind: 'dict', keys: 'string', values: 'json' } as const;

interface Generics {
  list: 'list';
  List: 'list';
  dict: 'dict';
  Dict: 'dict';
  optional: 'optional';
  Optional: 'optional';
  Union: 'union';
}

type build<Kind, Read, Name extends string> = Read extends [infer Args extends readonly unknown[], infer Rest]
  ? finish<
      Kind extends 'list'
        ? toList<Args, Name>
        : Kind extends 'dict'
          ? toDict<Args, Name>
          : Kind extends 'optional'
            ? toOptional<Args, Name>
            : joinArguments<Args>,
      Rest
    >
  : Read;
type finish<Node, Rest> = Node extends Fault ? Node : [Node, Rest];
type joinArguments<Args extends readonly unknown[]> = Args extends [infer First, infer Second, ...infer Others]
  ? joinArguments<[toUnion<First, Second>, ...Others]>
  : Args[0];

function parseArguments(cursor: Cursor, word: string, inside: Inside): [TypeNode, ...TypeNode[]] {
  const below = deeper(cursor, inside);
  if (!cursor.take('[')) failExpected(cursor, `"[" after "${word}"`);
  const args: [TypeNode, ...TypeNode[]] = [parseType(cursor, below)];
  while (cursor.take(',')) args.push(parseType(cursor, below));
  if (!cursor.take(']')) failExpected(cursor, `"," or "]" in the type of field "${inside.field}"`);
  return args;
}
type parseArguments<S extends string, Name extends string, Args extends readonly unknown[]> =
  parseType<S, Name> extends infer Read
    ? Read extends [infer Node, infer Rest extends string]
      ? Rest extends `,${infer Next}`
        ? parseArguments<trimStart<Next>, Name, [...Args, Node]>
        : Rest extends `]${infer After}`
          ? [[...Args, Node], trimStart<After>]
          : failExpected<`"," or "]" in the type of field "${Name}"`, Rest>
      : Read
    : never;

function deeper(cursor: Cursor, { field, depth }: Inside): Inside {
  if (depth === signatureLimits.nesting) {
    const message = `The type of field "${field}" is nested deeper than ${signatureLimits.nesting} levels.`;
    cursor.fail('too_deep', message, { offset: cursor.offset, length: 1 }, 'Use json for the inner part.');
  }
  return { field, depth: depth + 1 };
}

function failType(cursor: Cursor, { field }: Inside): never {
  const found = cursor.peekToken();
  return cursor.fail('expected_type', writeExpectedMessage(`a type for field "${field}"`, found.text), found);
}
type failType<S extends string, Name extends string> = failExpected<`a type for field "${Name}"`, S>;

function refuseWord(cursor: Cursor, word: Span & { text: string }, { field }: Inside): Operand {
  const shown = shorten(word.text);
  const hint = hintForUnsupportedType(word.text);
  if (hint === undefined) {
    cursor.report('unknown_type', writeUnknownTypeMessage(shown, field), word, hintForUnknownType(word.text));
  } else {
    cursor.report('unsupported_type', writeUnsupportedTypeMessage(shown, field), word, hint);
  }
  if (cursor.startsWith('[')) skipBrackets(cursor);
  return { type: 'json', optional: false, broken: true };
}

/** Reads one `name: type = default "description"`. */
export function parseField(cursor: Cursor, place: Place, taken: Set<string>, depth = 0): Field {
  const word = cursor.takeWord();
  const name = word.text;
  if (name === '') {
    cursor.offset = word.offset;
    const found = cursor.peekToken();
    cursor.fail('expected_name', writeExpectedMessage(nameExpected, found.text), found);
  }
  checkName(cursor, name, word, place, taken);
  const node = cursor.take(':') ? parseType(cursor, { field: shorten(name), depth }) : stringNode;
  const { constraints, optional } = node;
  const field: Field = {
    name,
    type: requireType(cursor, node, shorten(name)),
    optional,
    ...(constraints && { constraints }),
  };
  if (!cursor.startsWith('=>') && cursor.take('=')) {
    const value = parseDefault(cursor, place, shorten(name));
    field.default = value.value;
    if (node.broken !== true) checkDefault(cursor, field, value);
  }
  const description = atQuote(cursor) ? parseQuoted(cursor) : '';
  return description === '' ? field : { ...field, description };
}
type parseField<S extends string, At extends Place, Taken extends string> =
  takeWord<S> extends [infer Word extends string, infer Rest extends string, infer Odd]
    ? Word extends ''
      ? failExpected<nameExpected, S>
      : parseTypeOf<checkName<Word, Odd, At, Taken>, Rest, At>
    : never;

type parseTypeOf<Name, Rest extends string, At extends Place> = Name extends string
  ? Rest extends `:${infer Type}`
    ? parseTail<Name, parseType<trimStart<Type>, Name>, At>
    : parseTail<Name, [[string, false], Rest], At>
  : Name;

type parseTail<Name extends string, Read, At extends Place> = Read extends [
  [infer Type, infer Optional extends boolean],
  infer Rest extends string,
]
  ? [requireType<Type, Name>] extends [Fault]
    ? requireType<Type, Name>
    : Rest extends `=>${string}`
      ? [fieldOf<Name, Type, Optional, false>, Rest]
      : Rest extends `=${infer Value}`
        ? describe<fieldOf<Name, Type, Optional, true>, parseDefault<trimStart<Value>, At, Name, Type, Optional>>
        : describe<fieldOf<Name, Type, Optional, false>, Rest>
  : Read;

interface fieldOf<Name extends string, Type, Optional extends boolean, Defaulted extends boolean> extends FieldOf {
  name: Name;
  type: Type;
  optional: Optional;
  defaulted: Defaulted;
}

type describe<Field, Rest> = Rest extends `${'"' | "'"}${string}`
  ? parseQuoted<Rest> extends [string, infer After]
    ? [Field, After]
    : parseQuoted<Rest>
  : Rest extends string
    ? [Field, Rest]
    : Rest;

const stringNode: TypeNode = { type: 'string', optional: false, offset: 0, length: 0 };

const nameExpected = 'a field name';
type nameExpected = typeof nameExpected;

function parseObject(cursor: Cursor, { depth }: Inside): FieldType {
  const taken = new Set<string>();
  const fields: Field[] = [];
  do {
    if (fields.length > 0 && cursor.startsWith('}')) break;
    if (fields.length === signatureLimits.fieldsPerSide) failFieldCount(cursor, 'An object');
    fields.push(parseField(cursor, 'object', taken, depth));
  } while (cursor.take(','));
  if (!cursor.take('}')) failExpected(cursor, '"," or "}" after a field of an object');
  return toObject(fields);
}
type closeObject<Read> = Read extends [infer Fields extends FieldOf, infer Rest extends string]
  ? Rest extends `}${infer After}`
    ? [[toObject<Fields>, false], trimStart<After>]
    : failExpected<'"," or "}" after a field of an object', Rest>
  : Read;

/** Reports one field too many and ends the reading. */
export function failFieldCount(cursor: Cursor, holder: string): never {
  const message = `${holder} has more than ${signatureLimits.fieldsPerSide} fields.`;
  return cursor.stop(
    'too_many_fields',
    message,
    cursor.peekToken(),
    'Group fields that belong together in an object{…}.',
  );
}

/** `[fields, rest]` of fields joined by commas, as a union of `FieldOf`, or a fault; `Taken` are names used before. */
export type parseFields<S extends string, At extends Place, Taken extends string, Fields = never> =
  parseField<S, At, Taken> extends infer Read
    ? Read extends [infer Next extends FieldOf, infer Rest extends string]
      ? Rest extends `,${infer After}`
        ? trimStart<After> extends '' | `${'->' | '=>' | '}'}${string}`
          ? [Fields | Next, trimStart<After>]
          : parseFields<trimStart<After>, At, Taken | Next['name'], Fields | Next>
        : [Fields | Next, Rest]
      : Read
    : never;
