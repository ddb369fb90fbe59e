import { hash as hashOf } from 'node:crypto';
import type { DatasetSplits, ExampleSplit, RowError } from '@dspy-nest/contracts';
import { isStorable } from '@dspy-nest/platform';
import { canonicalJson, coerceField, printType, type Field, type SignatureSpec } from '@dspy-nest/signature';

const SHOWN_CHARS = 100;

/** An example that fits its signature, with what tells it from others. */
export interface ExampleContent {
  readonly inputs: Record<string, unknown>;
  readonly outputs: Record<string, unknown>;
  /** Of inputs and outputs, in hexadecimal. */
  readonly hash: string;
  readonly split: ExampleSplit;
}

/** What is wrong in one row, without its place. */
export type ValueError = Omit<RowError, 'row' | 'line'>;

interface GivenExample {
  readonly inputs: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
  readonly split?: ExampleSplit;
}

/** Reads an example by the types of a signature; outputs may be missing, since not each is known. Answers what is wrong instead. */
export function readExample(
  { signature, splits }: { signature: SignatureSpec; splits: DatasetSplits },
  given: GivenExample,
): ExampleContent | ValueError[] {
  const errors: ValueError[] = [];
  const inputs = readSide(signature.inputs, given.inputs, { pointer: '/inputs', needsAll: true }, errors);
  const outputs = readSide(signature.outputs, given.outputs ?? {}, { pointer: '/outputs', needsAll: false }, errors);
  if (errors.length > 0) return errors;
  const canonicalInputs = canonicalJson(inputs);
  const split = given.split ?? splitOf(canonicalInputs, splits);
  // The canonical form of both, without making that of the inputs twice.
  const content = `{"inputs":${canonicalInputs},"outputs":${canonicalJson(outputs)}}`;
  return { inputs, outputs, hash: sha256(content), split };
}

/**
 * The split of an example by its inputs: equal inputs are never in two splits, whatever their outputs, and one example stays
 * where it is when others come.
 */
export function splitOf(inputs: string, { seed, validation, test }: DatasetSplits): ExampleSplit {
  const point = Number.parseInt(sha256(`${seed}\n${inputs}`).slice(0, 8), 16) / 2 ** 32;
  if (point < test) return 'test';
  return point < test + validation ? 'validation' : 'train';
}

/**
 * The hash of a version with more examples: a sum modulo 2^256, so that it says what the version holds and not how it came
 * together, and adding costs nothing for what is there. It finds differences, and is no seal against forgery.
 */
export function addToHash(hash: string, examples: Iterable<Pick<ExampleContent, 'hash' | 'split'>>): string {
  let sum = BigInt(`0x${hash}`);
  for (const { hash: content, split } of examples) sum += BigInt(`0x${sha256(`${split}\n${content}`)}`);
  return BigInt.asUintN(256, sum).toString(16).padStart(64, '0');
}

/** The hash of a version without examples. */
export const EMPTY_HASH = '0'.repeat(64);

function readSide(
  fields: readonly Field[],
  given: Record<string, unknown>,
  { pointer, needsAll }: { pointer: string; needsAll: boolean },
  errors: ValueError[],
): Record<string, unknown> {
  const names = new Set(fields.map(({ name }) => name));
  for (const name of Object.keys(given).filter((key) => !names.has(key))) {
    const message = `"${name.slice(0, SHOWN_CHARS)}" is no field of the signature here; it has ${[...names].join(', ')}.`;
    errors.push({ pointer: `${pointer}/${escaped(name.slice(0, SHOWN_CHARS))}`, code: 'unknown_field', message });
  }
  const read: Record<string, unknown> = {};
  for (const field of fields) {
    const at = `${pointer}/${field.name}`;
    if (!Object.hasOwn(given, field.name)) {
      if (needsAll && !field.optional && field.default === undefined) {
        errors.push({ pointer: at, code: 'missing_field', message: `"${field.name}" is missing; give it a value.` });
      }
      continue;
    }
    const { value, fits } = coerceField(field, given[field.name], at);
    if (fits && isStorable(value)) read[field.name] = value;
    else errors.push(misfit(field, given[field.name], at));
  }
  return read;
}

function misfit(field: Field, value: unknown, pointer: string): ValueError {
  const shown = JSON.stringify(value) ?? 'nothing';
  return {
    pointer,
    code: 'invalid_value',
    message: `"${field.name}" must be ${printType(field.type)}${field.constraints === undefined ? '' : ` within ${JSON.stringify(field.constraints)}`}.`,
    value: shown.length > SHOWN_CHARS ? `${shown.slice(0, SHOWN_CHARS).toWellFormed()}...` : shown.toWellFormed(),
  };
}

const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1').toWellFormed();

const sha256 = (text: string): string => hashOf('sha256', text, 'hex');
