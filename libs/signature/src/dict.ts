import type { Cursor } from './cursor';
import type { Fault } from './errors';
import type { FieldType } from './spec';
import { failArgumentCount } from './type-arguments';
import { nestType, type Operand, type TypeNode } from './type-node';

export const writeDictKeyMessage = <Name extends string>(field: Name): writeDictKeyMessage<Name> =>
  `The keys of a dict of field "${field}" must be string, int or an enum of strings.`;
export type writeDictKeyMessage<Name extends string> =
  `The keys of a dict of field "${Name}" must be string, int or an enum of strings.`;

/** `dict[K, V]`. */
export function toDict(cursor: Cursor, args: readonly TypeNode[], field: string): Operand {
  const [key, value] = args;
  if (key === undefined || value === undefined || args.length !== 2)
    return failArgumentCount(cursor, 'dict', field, 2, args);
  const keys = nestType(cursor, key, field);
  if (key.broken !== true && !isKey(keys)) {
    cursor.report(
      'invalid_dict_key',
      writeDictKeyMessage(field),
      key,
      'The members of a JSON object have text for names.',
    );
  }
  return { type: { kind: 'dict', keys, values: nestType(cursor, value, field) }, optional: false };
}
/** A key of enum values need not be present: such a dict is a partial record. */
export type toDict<Args extends readonly unknown[], Name extends string> = Args extends [infer Key, infer Value]
  ? dictOf<nestType<Key, Name>, nestType<Value, Name>, Name>
  : failArgumentCount<'dict', Name, 2, Args>;

type dictOf<Key, Value, Name extends string> = [Key] extends [Fault]
  ? Key
  : [Value] extends [Fault]
    ? Value
    : [Key] extends [string | number]
      ? [
          string extends Key
            ? Record<string, Value>
            : number extends Key
              ? Record<number, Value>
              : Partial<Record<Key, Value>>,
          false,
        ]
      : Fault<writeDictKeyMessage<Name>>;

function isKey(type: FieldType): boolean {
  if (typeof type === 'string') return type === 'string' || type === 'int';
  return type.kind === 'enum' && type.values.every((value) => typeof value === 'string');
}
