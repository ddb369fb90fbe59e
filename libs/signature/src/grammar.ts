import { parseConstraints } from './constraints';
import { shorten, type Cursor, type Span } from './cursor';
import { checkDefault, parseDefault } from './default-value';
import { toDict } from './dict';
import { parseEnum, parseLiteral } from './enum';
import type { Fault } from './errors';
import { parseBracketed } from './items';
import { toList } from './list';
import { checkName, type Place } from './name';
import { deeper, inField, type Inside, type InsideOf } from './nesting';
import { toObject, type FieldOf } from './object';
import { toOptional } from './optional';
import { hintForUnknownType, toPrimitive, writeUnknownTypeMessage, type PrimitiveWord } from './primitive';
import { atQuote, parseQuoted } from './quoted';
import type { takeWord, trimStart } from './scan';
import { writeSeparators, type FieldsEnd } from './separators';
import { signatureLimits, type Field } from './spec';
import { skipBrackets } from './skip';
import { writeNoBracketsMessage } from './type-arguments';
import { requireType, type Operand, type TypeNode } from './type-node';
import { failExpected, writeExpectedMessage } from './unexpected';
import { toUnion } from './union';
import { hintForUnsupportedType, writeUnsupportedTypeMessage, type UnsupportedWord } from './unsupported';

// Fields hold types, and an `object{…}` holds fields: this knot is one file, the constructs around it are not.

// `typing.List` is `List`; the words of other modules keep their module's name.
const typingPrefix = /^typing\.(?=[A-Z])/;

/** Reads a type: members joined by `|`. */
export function parseType(cursor: Cursor, inside: Inside): TypeNode {
  const first = parseMember(cursor, inside);
  const others: TypeNode[] = [];
  while (cursor.take('|')) others.push(parseMember(cursor, inside));
  return toUnion([first, ...others]);
}
/** `[[type, optional], rest]` or a fault. */
export type parseType<S extends string, In extends InsideOf> = joinMembers<parseMember<S, In>, In>;

type joinMembers<Read, In extends InsideOf> = Read extends [infer Node, `|${infer Rest}`]
  ? joinMembers<addMember<Node, parseMember<trimStart<Rest>, In>>, In>
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
type parseMember<S extends string, In extends InsideOf> = S extends `:${infer Rest}`
  ? limit<parseOperand<trimStart<Rest>, In>, trimStart<Rest>, In>
  : limit<parseOperand<S, In>, S, In>;

// Most members end where their word does.
type limit<Read, S extends string, In extends InsideOf> = Read extends [unknown, `${'(' | '?'}${string}`]
  ? markOptional<constrain<Read, S, In>>
  : Read;
type constrain<Read, S extends string, In extends InsideOf> = Read extends [infer Node, `(${infer Inner}`]
  ? parseConstraints<trimStart<Inner>, withoutTyping<takeWord<S>[0]>, In['field']> extends infer Rest
    ? Rest extends string
      ? [Node, Rest]
      : Rest
    : never
  : Read;
type markOptional<Read> = Read extends [[infer Type, boolean], `?${infer Rest}`]
  ? [[Type, true], trimStart<Rest>]
  : Read;
type withoutTyping<Word extends string> = Word extends `typing.${infer Name}` ? Name : Word;

const brokenOperand: Operand = { type: 'json', optional: false, broken: true };

function parseOperand(cursor: Cursor, inside: Inside): Operand {
  const word = cursor.takeWord();
  const name = word.text.replace(typingPrefix, '');
  if (name === '') return failType(cursor, inside);
  const primitive = toPrimitive(name);
  if (primitive !== undefined) {
    if (cursor.startsWith('[')) {
      cursor.fail('unsupported_type', writeNoBracketsMessage(name, inside.field), word, 'Leave the brackets out.');
    }
    return { type: primitive, optional: false };
  }
  if (name === 'None') return { optional: true };
  return parseConstruct(cursor, name, inside) ?? refuseWord(cursor, { ...word, text: name }, inside);
}
type parseOperand<S extends string, In extends InsideOf> = parseOperandOf<takeWord<S>, In, S>;

type parseOperandOf<Taken, In extends InsideOf, S extends string> = Taken extends [
  infer Word extends string,
  infer Rest extends string,
  boolean,
]
  ? Word extends PrimitiveWord
    ? Rest extends `[${string}`
      ? Fault<writeNoBracketsMessage<Word, In['field']>>
      : [[toPrimitive<Word>, false], Rest]
    : Word extends 'None'
      ? [[never, true], Rest]
      : Word extends `typing.${infer Name}`
        ? Name extends Capitalize<Name>
          ? parseOperandOf<[Name, Rest, false], In, S>
          : Fault<writeUnknownTypeMessage<Word, In['field']>>
        : Word extends ''
          ? failType<S, In>
          : parseConstruct<Word, Rest, In>
  : never;

function parseConstruct(cursor: Cursor, word: string, inside: Inside): Operand | undefined {
  switch (word) {
    case 'list':
    case 'List':
      return cursor.startsWith('[') ? parseGeneric(cursor, word, inside, toList) : { type: anyList, optional: false };
    case 'dict':
    case 'Dict':
      return cursor.startsWith('[') ? parseGeneric(cursor, word, inside, toDict) : { type: anyDict, optional: false };
    case 'optional':
    case 'Optional':
      return parseGeneric(cursor, word, inside, toOptional);
    case 'Union':
      return parseGeneric(cursor, word, inside, (_, args) => toUnion(args));
    case 'enum':
    case 'Literal':
      requireOpening(cursor, '[', word, inside);
      cursor.take('[');
      return (word === 'enum' ? parseEnum : parseLiteral)(cursor, inside.field);
    case 'object':
      requireOpening(cursor, '{', word, inside);
      return parseObject(cursor, deeper(cursor, inside));
    default:
      return undefined;
  }
}
type parseConstruct<Word extends string, Rest extends string, In extends InsideOf> = Word extends keyof Generics
  ? Rest extends `[${infer Inner}`
    ? build<Generics[Word], parseArguments<trimStart<Inner>, deeper<In>, []>, In['field']>
    : Generics[Word] extends 'list'
      ? [[unknown[], false], Rest]
      : Generics[Word] extends 'dict'
        ? [[Record<string, unknown>, false], Rest]
        : failOpening<'[', Word, Rest, In>
  : Word extends 'enum' | 'Literal'
    ? Rest extends `[${infer Inner}`
      ? Word extends 'enum'
        ? parseEnum<trimStart<Inner>, In['field']>
        : parseLiteral<trimStart<Inner>, In['field']>
      : failOpening<'[', Word, Rest, In>
    : Word extends 'object'
      ? Rest extends `{${infer Inner}`
        ? parseObject<trimStart<Inner>, deeper<In>>
        : failOpening<'{', Word, Rest, In>
      : Word extends UnsupportedWord
        ? Fault<writeUnsupportedTypeMessage<Word, In['field']>>
        : Fault<writeUnknownTypeMessage<Word, In['field']>>;

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

type Arguments = [TypeNode, ...TypeNode[]];

/** Reads the types in brackets and makes one of them; nothing is made of types that could not be read. */
function parseGeneric(
  cursor: Cursor,
  word: string,
  inside: Inside,
  make: (cursor: Cursor, args: Arguments, field: string) => Operand,
): Operand {
  requireOpening(cursor, '[', word, inside);
  const below = deeper(cursor, inside);
  cursor.take('[');
  const args: TypeNode[] = [];
  const clean = parseBracketed(cursor, {
    close: ']',
    field: inside.field,
    separators: () => `"," or "]" in the type of field "${inside.field}"`,
    readItem: () => args.push(parseType(cursor, below)),
  });
  const [first, ...others] = args;
  return clean && first !== undefined ? make(cursor, [first, ...others], inside.field) : brokenOperand;
}
type parseArguments<S extends string, In, Args extends readonly unknown[]> = In extends InsideOf
  ? parseType<S, In> extends infer Read
    ? Read extends [infer Node, infer Rest extends string]
      ? Rest extends `,${infer Next}`
        ? trimStart<Next> extends `]${infer After}`
          ? [[...Args, Node], trimStart<After>]
          : parseArguments<trimStart<Next>, In, [...Args, Node]>
        : Rest extends `]${infer After}`
          ? [[...Args, Node], trimStart<After>]
          : failExpected<`"," or "]" in the type of field "${In['field']}"`, Rest>
      : Read
    : never
  : In;

function requireOpening(cursor: Cursor, bracket: '[' | '{', word: string, { field }: Inside): void {
  if (cursor.startsWith(bracket)) return;
  const hint = word === 'object' ? 'A value of any form is json.' : undefined;
  failExpected(cursor, `"${bracket}" after "${word}" in the type of field "${field}"`, hint);
}
type failOpening<Bracket extends string, Word extends string, Rest extends string, In extends InsideOf> = failExpected<
  `"${Bracket}" after "${Word}" in the type of field "${In['field']}"`,
  Rest
>;

function failType(cursor: Cursor, { field }: Inside): never {
  const found = cursor.peekToken();
  return cursor.fail('expected_type', writeExpectedMessage(`a type for field "${field}"`, found.text), found);
}
type failType<S extends string, In extends InsideOf> = failExpected<`a type for field "${In['field']}"`, S>;

function refuseWord(cursor: Cursor, word: Span & { text: string }, { field }: Inside): Operand {
  const shown = shorten(word.text);
  const hint = hintForUnsupportedType(word.text);
  if (hint === undefined) {
    cursor.report('unknown_type', writeUnknownTypeMessage(shown, field), word, hintForUnknownType(word.text));
  } else {
    cursor.report('unsupported_type', writeUnsupportedTypeMessage(shown, field), word, hint);
  }
  if (cursor.startsWith('[')) skipBrackets(cursor, field);
  return brokenOperand;
}

/** Reads one `name: type = default "description"`. */
export function parseField(cursor: Cursor, place: Place, taken: Set<string>, outer?: Inside): Field {
  const word = cursor.takeWord();
  const name = word.text;
  if (name === '') failName(cursor, word, outer);
  checkName(cursor, name, word, place, taken);
  const inside = inField(name, outer);
  const node = cursor.take(':') ? parseType(cursor, inside) : stringNode;
  const { constraints, optional } = node;
  const field: Field = {
    name,
    type: requireType(cursor, node, inside.field),
    optional,
    ...(constraints && { constraints }),
  };
  if (!cursor.startsWith('=>') && cursor.take('=')) {
    const value = parseDefault(cursor, place, inside.field);
    field.default = value.value;
    if (node.broken !== true) checkDefault(cursor, field, value, inside.field);
  }
  const description = atQuote(cursor) ? parseQuoted(cursor, inside.field) : '';
  return description === '' ? field : { ...field, description };
}
type parseField<S extends string, At extends Place, Taken extends string, Outer extends InsideOf> =
  takeWord<S> extends [infer Word extends string, infer Rest extends string, infer Odd]
    ? Word extends ''
      ? failName<S, Outer>
      : parseTypeOf<checkName<Word, Odd, At, Taken>, Rest, At, inField<Word, Outer>>
    : never;

type parseTypeOf<Name, Rest extends string, At extends Place, In extends InsideOf> = Name extends string
  ? Rest extends `:${infer Type}`
    ? parseTail<Name, parseType<trimStart<Type>, In>, At, In, trimStart<Type>>
    : parseTail<Name, [[string, false], Rest], At, In, ''>
  : Name;

type parseTail<Name extends string, Read, At extends Place, In extends InsideOf, Text extends string> = Read extends [
  [infer Type, infer Optional extends boolean],
  infer Rest extends string,
]
  ? [Type] extends [never]
    ? requireType<Type, In['field']>
    : Rest extends `${'=' | '"' | "'"}${string}`
      ? parseDefaultOf<fieldOf<Name, Type, Optional, Optional>, Rest, At, In, Text>
      : [fieldOf<Name, Type, Optional, Optional>, Rest]
  : Read;

type parseDefaultOf<
  F extends FieldOf,
  S extends string,
  At extends Place,
  In extends InsideOf,
  Text extends string,
> = S extends `=${infer Value}`
  ? Value extends `>${string}`
    ? [F, S]
    : describe<
        fieldOf<F['name'], F['type'], F['optional'], true>,
        parseDefault<trimStart<Value>, At, In['field'], F['type'], F['optional'], Text>,
        In
      >
  : describe<F, S, In>;

interface fieldOf<Name extends string, Type, Optional extends boolean, Omissible extends boolean> {
  name: Name;
  type: Type;
  optional: Optional;
  omissible: Omissible;
}

type describe<F, Rest, In extends InsideOf> = Rest extends `${'"' | "'"}${string}`
  ? parseQuoted<Rest, In['field']> extends [string, infer After]
    ? [F, After]
    : parseQuoted<Rest, In['field']>
  : Rest extends string
    ? [F, Rest]
    : Rest;

const stringNode: TypeNode = { type: 'string', optional: false, offset: 0, length: 0 };

function failName(cursor: Cursor, { offset }: Span, outer?: Inside): never {
  cursor.offset = offset;
  const found = cursor.peekToken();
  const expected = outer === undefined ? 'a field name' : `a field name in the object of field "${outer.field}"`;
  return cursor.fail('expected_name', writeExpectedMessage(expected, found.text), found);
}
type failName<S extends string, Outer extends InsideOf> = failExpected<
  Outer['field'] extends '' ? 'a field name' : `a field name in the object of field "${Outer['field']}"`,
  S
>;

function parseObject(cursor: Cursor, inside: Inside): Operand {
  const taken = new Set<string>();
  const fields: Field[] = [];
  cursor.take('{');
  const clean = parseBracketed(cursor, {
    close: '}',
    field: inside.field,
    separators: () => writeSeparators('object', inField(fields.at(-1)?.name ?? '', inside).field),
    readItem: () => {
      if (fields.length === signatureLimits.fieldsPerSide) failFieldCount(cursor, `Field "${inside.field}"`);
      fields.push(parseField(cursor, 'object', taken, inside));
    },
  });
  return clean ? { type: toObject(fields), optional: false } : brokenOperand;
}
type parseObject<S extends string, In> = In extends InsideOf
  ? parseFields<S, 'object', never, In> extends infer Read
    ? Read extends [infer Fields extends FieldOf, `}${infer After}`]
      ? [[toObject<Fields>, false], trimStart<After>]
      : Read
    : never
  : In;

/** Reports one field too many and ends the reading. */
export function failFieldCount(cursor: Cursor, holder: string): never {
  const message = `${holder} has more than ${signatureLimits.fieldsPerSide} fields.`;
  const hint = 'Group fields that belong together in an object{…}.';
  return cursor.stop('too_many_fields', message, cursor.peekToken(), hint);
}

/** `[fields, rest]` of fields joined by commas, as a union of `FieldOf`, or a fault; `Taken` are names used before. */
export type parseFields<
  S extends string,
  At extends Place,
  Taken extends string,
  Outer extends InsideOf,
  Fields = never,
> =
  parseField<S, At, Taken, Outer> extends infer Read
    ? Read extends [infer Next extends FieldOf, infer Rest extends string]
      ? Rest extends `,${infer After}`
        ? trimStart<After> extends FieldsEnd[At]
          ? [Fields | Next, trimStart<After>]
          : parseFields<trimStart<After>, At, Taken | Next['name'], Outer, Fields | Next>
        : Rest extends FieldsEnd[At]
          ? [Fields | Next, Rest]
          : failExpected<writeSeparators<At, inField<Next['name'], Outer>['field']>, Rest>
      : Read
    : never;
