import { shorten, type Cursor, type Span } from './cursor';
import type { Fault } from './errors';
import { nearest } from './nearest';
import { parseScalar } from './scalar';
import type { takeWord, trimStart } from './scan';
import type { Constraints, FieldType } from './spec';
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

/** Reads `min=1, max=10)` after the opening parenthesis, for the type before it. */
export function parseConstraints(cursor: Cursor, node: TypeNode, field: string): Constraints {
  const constraints: Constraints = {};
  do {
    const word = cursor.takeWord();
    const name = constraintNames.find((known) => known === word.text) ?? failUnknown(cursor, word, field);
    if (!cursor.take('=')) failExpected(cursor, `"=" after "${name}"`);
    const scalar = parseScalar(cursor) ?? failExpected(cursor, `a value for "${name}"`);
    const problem = name in constraints ? 'is given twice' : findProblem(name, scalar.value, node);
    if (problem === undefined) Object.assign(constraints, { [name]: scalar.value });
    else cursor.report('invalid_constraint', `Constraint "${name}" of field "${field}" ${problem}.`, scalar);
  } while (cursor.take(','));
  if (!cursor.startsWith(')')) failExpected(cursor, `"," or ")" in the constraints of field "${field}"`);
  refuseEmptyRange(cursor, constraints, field);
  cursor.take(')');
  return constraints;
}
/** The text after the constraints; whether a value fits its constraint is checked at run time only. */
export type parseConstraints<S extends string, Name extends string> =
  takeWord<S> extends [infer Word extends string, infer Rest extends string, boolean]
    ? Word extends ConstraintName
      ? Rest extends `=${infer Value}`
        ? readValue<trimStart<Value>, Word, Name>
        : failExpected<`"=" after "${Word}"`, Rest>
      : Fault<writeUnknownConstraintMessage<Word, Name>>
    : never;

type readValue<S extends string, Word extends string, Name extends string> = [parseScalar<S>] extends [never]
  ? failExpected<`a value for "${Word}"`, S>
  : parseScalar<S> extends [unknown, infer Rest extends string]
    ? Rest extends `,${infer Next}`
      ? parseConstraints<trimStart<Next>, Name>
      : Rest extends `)${infer After}`
        ? trimStart<After>
        : failExpected<`"," or ")" in the constraints of field "${Name}"`, Rest>
    : parseScalar<S>;

function failUnknown(cursor: Cursor, word: Span & { text: string }, field: string): never {
  const known = nearest(word.text, constraintNames);
  const hint = known === undefined ? `Constraints are ${constraintNames.join(', ')}.` : `Did you mean "${known}"?`;
  return cursor.fail('invalid_constraint', writeUnknownConstraintMessage(shorten(word.text), field), word, hint);
}

const numeric: readonly unknown[] = ['int', 'float', 'probability'] satisfies FieldType[];

function appliesTo(name: ConstraintName, node: TypeNode): boolean {
  const { type, optional, constraints } = node;
  if (optional || constraints !== undefined) return false;
  if (name === 'min' || name === 'max') return numeric.includes(type);
  if (name === 'minItems' || name === 'maxItems')
    return type === 'reasoning' || (typeof type === 'object' && type.kind === 'list');
  return type === 'string';
}

function findProblem(name: ConstraintName, value: unknown, node: TypeNode): string | undefined {
  if (node.broken !== true && !appliesTo(name, node)) return 'does not apply to this type';
  if (name === 'pattern') return findPatternProblem(value);
  if (typeof value !== 'number') return 'must be a number';
  const whole = node.type === 'int' || (name !== 'min' && name !== 'max');
  if (whole && !Number.isSafeInteger(value)) return 'must be a whole number';
  return whole && node.type !== 'int' && value < 0 ? 'must not be negative' : undefined;
}

// What JavaScript knows and engines of linear time do not: look-around, and references back by number or name.
const beyondLinear = /\(\?<?[=!]|\\[1-9]|\\k/;

function findPatternProblem(value: unknown): string | undefined {
  if (typeof value !== 'string') return 'must be a quoted regular expression';
  if (beyondLinear.test(value.replaceAll('\\\\', ''))) return 'must not look around or refer back to a group';
  try {
    new RegExp(value, 'u');
    return undefined;
  } catch {
    return 'is not a valid regular expression';
  }
}

const ranges = [
  ['min', 'max'],
  ['minLength', 'maxLength'],
  ['minItems', 'maxItems'],
] as const;

function refuseEmptyRange(cursor: Cursor, constraints: Constraints, field: string): void {
  for (const [low, high] of ranges) {
    if ((constraints[low] ?? -Infinity) <= (constraints[high] ?? Infinity)) continue;
    const message = `Constraint "${low}" of field "${field}" is greater than "${high}": no value fits.`;
    cursor.report('invalid_constraint', message, { offset: cursor.offset, length: 1 });
  }
}
