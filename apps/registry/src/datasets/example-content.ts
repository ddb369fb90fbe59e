import { hash as hashOf } from 'node:crypto';
import { STRATUM_MAX_CHARS, type DatasetSplits, type ExampleSplit, type RowError } from '@dspy-nest/contracts';
import { isStorable } from '@dspy-nest/platform';
import { canonicalJson, coerceField, printType, type Field, type SignatureSpec } from '@dspy-nest/signature';
import { stratumOf } from '../dataset-strata/strata';

const SHOWN_CHARS = 100;
/** 128 bits, so that no two inputs have the same. */
const POINT_HEX = 32;

/** An example that fits its signature, with what tells it from others. */
export interface ExampleContent {
  readonly inputs: Record<string, unknown>;
  readonly outputs: Record<string, unknown>;
  /** Of inputs and outputs, in hexadecimal. */
  readonly hash: string;
  /** Null until a stratified dataset is divided. */
  readonly split: ExampleSplit | null;
  /** By what it is divided in a stratified dataset: a hash of seed and inputs in hexadecimal, and its stratum. */
  readonly point: string | null;
  readonly stratum: string | null;
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
  // The canonical form of both, without making that of the inputs twice.
  const content = `{"inputs":${canonicalInputs},"outputs":${canonicalJson(outputs)}}`;
  const example = { inputs, outputs, hash: sha256(content) };
  const { seed, stratifyBy } = splits;
  if (stratifyBy === undefined) {
    return { ...example, split: given.split ?? splitOf(canonicalInputs, splits), point: null, stratum: null };
  }
  const stratum = stratumOf(outputs, stratifyBy);
  if (stratum.length > STRATUM_MAX_CHARS) return [tooLong(stratifyBy, outputs[stratifyBy])];
  const point = sha256(`${seed}\n${canonicalInputs}`).slice(0, POINT_HEX);
  return { ...example, split: given.split ?? null, point, stratum };
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
 * together, and adding costs nothing for what is there. It finds differences, and is no seal against forgery. Examples without a
 * split add nothing to it.
 */
export function addToHash(hash: string, examples: Iterable<Pick<ExampleContent, 'hash' | 'split'>>): string {
  let sum = BigInt(`0x${hash}`);
  for (const { hash: content, split } of examples)
    if (split !== null) sum += BigInt(`0x${sha256(`${split}\n${content}`)}`);
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
  return {
    pointer,
    code: 'invalid_value',
    message: `"${field.name}" must be ${printType(field.type)}${field.constraints === undefined ? '' : ` within ${JSON.stringify(field.constraints)}`}.`,
    value: shown(value),
  };
}

function tooLong(field: string, value: unknown): ValueError {
  const message =
    `"${field}", by which the dataset is stratified, must have at most ${STRATUM_MAX_CHARS} characters in JSON. Shorten it, or ` +
    'stratify by another field.';
  return { pointer: `/outputs/${field}`, code: 'stratum_too_long', message, value: shown(value) };
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS).toWellFormed()}...` : text.toWellFormed();
}

const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1').toWellFormed();

const sha256 = (text: string): string => hashOf('sha256', text, 'hex');
