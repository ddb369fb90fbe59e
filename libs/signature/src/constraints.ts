import { shorten, type Cursor, type Span } from './cursor';
import type { Fault } from './errors';
import { parseBracketed } from './items';
import { nearest } from './nearest';
import { findPatternFault } from './pattern/pattern';
import type { OtherWords } from './primitive';
import { parseScalar, type isWhole } from './scalar';
import type { takeWord, trimStart } from './scan';
import type { Constraints, PrimitiveType } from './spec';
import type { TypeNode } from './type-node';
import { failExpected } from './unexpected';

/** The names of constraints in the order in which they are printed. */
export const constraintNames = ['min', 'max', 'minLength', 'maxLength', 'pattern', 'minItems', 'maxItems'] as const;
type ConstraintName = (typeof constraintNames)[number];

export const writeUnknownConstraintMessage = <Constraint extends string, Name extends string>(
  constraint: Constraint,
  field: Name,
): writeUnknownConstraintMessage<Constraint, Name> => `Unknown constraint "${constraint}" of field "${field}".`;
export type writeUnknownConstraintMessage<
  Constraint extends string,
  Name extends string,
> = `Unknown constraint "${Constraint}" of field "${Name}".`;

export const writeConstraintMessage = <Constraint extends string, Name extends string, Problem extends string>(
  constraint: Constraint,
  field: Name,
  problem: Problem,
): writeConstraintMessage<Constraint, Name, Problem> => `Constraint "${constraint}" of field "${field}" ${problem}.`;
export type writeConstraintMessage<
  Constraint extends string,
  Name extends string,
  Problem extends string,
> = `Constraint "${Constraint}" of field "${Name}" ${Problem}.`;

const ofNumbers = ['min', 'max'] as const;
const ofLists = ['minItems', 'maxItems'] as const;
const applying = {
  int: ofNumbers,
  float: ofNumbers,
  probability: ofNumbers,
  string: ['minLength', 'maxLength', 'pattern'],
  list: ofLists,
  reasoning: ofLists,
} as const satisfies Partial<Record<PrimitiveType | 'list', readonly ConstraintName[]>>;
type Applying = typeof applying;

// A union of one type is that type: what it takes is known at run time only.
type appliesTo<Word> = Word extends keyof Applying
  ? Applying[Word][number]
  : Word extends 'List'
    ? Applying['list'][number]
    : Word extends keyof OtherWords
      ? appliesTo<OtherWords[Word]>
      : Word extends 'Union'
        ? ConstraintName
        : never;

/** Reads `min=1, max=10)` after the opening parenthesis, for the type before it. */
export function parseConstraints(cursor: Cursor, node: TypeNode, field: string): Constraints {
  const constraints: Constraints = {};
  const { offset } = cursor;
  parseBracketed(cursor, {
    close: ')',
    field,
    separators: () => `"," or ")" in the constraints of field "${field}"`,
    readItem: () => parseConstraint(cursor, constraints, node, field),
  });
  const { length } = cursor.text.slice(offset, cursor.offset).trimEnd().slice(0, -1);
  refuseEmptyRange(cursor, constraints, { offset, length }, field);
  return constraints;
}
/** The text after the constraints of a type of that word; sizes and expressions are checked at run time only. */
export type parseConstraints<S extends string, Word extends string, Name extends string, Seen = never> =
  takeWord<S> extends [infer Constraint extends string, infer Rest extends string, boolean]
    ? Constraint extends ConstraintName
      ? Rest extends `=${infer Value}`
        ? readValue<parseScalar<trimStart<Value>, Name>, trimStart<Value>, Constraint, Word, Name, Seen>
        : failExpected<`"=" after "${Constraint}" of field "${Name}"`, Rest>
      : Constraint extends ''
        ? failExpected<`a constraint of field "${Name}"`, S>
        : Fault<writeUnknownConstraintMessage<Constraint, Name>>
    : never;

type readValue<
  Read,
  S extends string,
  Constraint extends ConstraintName,
  Word extends string,
  Name extends string,
  Seen,
> = [Read] extends [never]
  ? failExpected<`a value for "${Constraint}" of field "${Name}"`, S>
  : Read extends [infer Value, infer Rest extends string]
    ? Constraint extends Seen
      ? Fault<writeConstraintMessage<Constraint, Name, 'is given twice'>>
      : findProblem<Constraint, Value, Word> extends infer Problem extends string
        ? Problem extends ''
          ? nextConstraint<Rest, Word, Name, Seen | Constraint>
          : Fault<writeConstraintMessage<Constraint, Name, Problem>>
        : never
    : Read;

type nextConstraint<S extends string, Word extends string, Name extends string, Seen> = S extends `,${infer Rest}`
  ? trimStart<Rest> extends `)${infer After}`
    ? trimStart<After>
    : parseConstraints<trimStart<Rest>, Word, Name, Seen>
  : S extends `)${infer After}`
    ? trimStart<After>
    : failExpected<`"," or ")" in the constraints of field "${Name}"`, S>;

function parseConstraint(cursor: Cursor, constraints: Constraints, node: TypeNode, field: string): void {
  const word = cursor.takeWord();
  if (word.text === '') failExpected(cursor, `a constraint of field "${field}"`, hint);
  const name = constraintNames.find((known) => known === word.text) ?? failUnknown(cursor, word, field);
  if (!cursor.take('=')) failExpected(cursor, `"=" after "${name}" of field "${field}"`);
  const scalar = parseScalar(cursor, field) ?? failExpected(cursor, `a value for "${name}" of field "${field}"`);
  const problem = name in constraints ? 'is given twice' : findProblem(name, scalar.value, node);
  if (problem !== '') cursor.report('invalid_constraint', writeConstraintMessage(name, field, problem), scalar);
  else if (name !== 'pattern' || isPattern(cursor, { ...scalar, value: String(scalar.value) }, field)) {
    Object.assign(constraints, { [name]: scalar.value });
  }
}

function isPattern(cursor: Cursor, text: Span & { value: string }, field: string): boolean {
  const fault = findPatternFault(text.value);
  if (fault === undefined) return true;
  cursor.report(fault.code, writeConstraintMessage('pattern', field, fault.problem), text, fault.hint);
  return false;
}

const hint = `Constraints are ${constraintNames.join(', ')}.`;

function failUnknown(cursor: Cursor, word: Span & { text: string }, field: string): never {
  const known = nearest(word.text, constraintNames);
  const message = writeUnknownConstraintMessage(shorten(word.text), field);
  return cursor.fail('invalid_constraint', message, word, known === undefined ? hint : `Did you mean "${known}"?`);
}

function takes({ type, optional, constraints }: TypeNode, name: ConstraintName): boolean {
  const kind = typeof type === 'object' ? type.kind : type;
  const names: readonly string[] = kind !== undefined && kind in applying ? applying[kind as keyof Applying] : [];
  return !optional && constraints === undefined && names.includes(name);
}

function findProblem(name: ConstraintName, value: unknown, node: TypeNode): string {
  if (node.broken !== true && !takes(node, name)) return 'does not apply to this type';
  if (name === 'pattern') return typeof value === 'string' ? '' : 'must be a quoted regular expression';
  if (typeof value !== 'number') return 'must be a number';
  if (node.type === 'probability' && (value < 0 || value > 1)) return 'must be from 0 to 1';
  const whole = node.type === 'int' || (name !== 'min' && name !== 'max');
  if (whole && !Number.isSafeInteger(value)) return 'must be a whole number';
  return whole && node.type !== 'int' && value < 0 ? 'must not be negative' : '';
}
type findProblem<Constraint extends ConstraintName, Value, Word extends string> =
  Constraint extends appliesTo<Word>
    ? Constraint extends 'pattern'
      ? Value extends string
        ? ''
        : 'must be a quoted regular expression'
      : Value extends number
        ? Constraint extends 'min' | 'max'
          ? Word extends 'int'
            ? findFraction<Value>
            : ''
          : findFraction<Value> extends ''
            ? `${Value}` extends `-${string}`
              ? 'must not be negative'
              : ''
            : findFraction<Value>
        : 'must be a number'
    : 'does not apply to this type';
type findFraction<Value> = isWhole<Value> extends true ? '' : 'must be a whole number';

const ranges = [
  ['min', 'max'],
  ['minLength', 'maxLength'],
  ['minItems', 'maxItems'],
] as const;

function refuseEmptyRange(cursor: Cursor, constraints: Constraints, span: Span, field: string): void {
  for (const [low, high] of ranges) {
    if ((constraints[low] ?? -Infinity) <= (constraints[high] ?? Infinity)) continue;
    const problem = `is greater than "${high}": no value fits`;
    cursor.report('invalid_constraint', writeConstraintMessage(low, field, problem), span);
  }
}
