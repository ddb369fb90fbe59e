import type { Coercion, JsonObject } from '@dspy-nest/contracts';
import { coerceField, type Field, listCoercions, readJsonText } from '@dspy-nest/signature';

const SHOWN_MAX = 200;

/** The outputs of an answer, whether its form had to be mended, and what was mended in the values. */
export interface ReadAnswer {
  readonly outputs: JsonObject;
  readonly isMended: boolean;
  readonly coercions: Coercion[];
}

/** An answer in which an output is missing or is no value of its type; the message names it. */
export class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer';

  constructor(
    message: string,
    readonly faults: readonly { pointer: string; code: string; message: string }[] = [],
  ) {
    super(message);
  }
}

/** Reads the outputs of a signature from an answer in JSON. Throws {@link UnreadableAnswer}. */
export function readAnswer(text: string, outputs: readonly Field[], isStrict: boolean): ReadAnswer {
  const { members, isMended } = membersOf(text, outputs);
  const values: Record<string, unknown> = {};
  const coercions: Coercion[] = [];
  for (const field of outputs) {
    const raw = members[field.name] ?? null;
    const pointer = `/outputs/${field.name}`;
    const read = coerceField(field, raw, pointer);
    if (!read.fits || (isStrict && read.coercions.length > 0)) throw wrongValue(field, raw);
    values[field.name] = read.value;
    coercions.push(...listCoercions(read.coercions));
  }
  return { outputs: values as JsonObject, isMended, coercions };
}

function membersOf(text: string, outputs: readonly Field[]): { members: Record<string, unknown>; isMended: boolean } {
  const plain = asObject(parsed(text));
  const members = plain ?? asObject(readJsonText(text)?.value);
  const missing = outputs.filter(({ name, optional }) => !optional && !(members && Object.hasOwn(members, name)));
  if (members !== undefined && missing.length === 0) return { members, isMended: plain === undefined };
  const names = (missing.length > 0 ? missing : outputs).map(({ name }) => `"${name}"`).join(', ');
  throw new UnreadableAnswer(`There is no value for the output${missing.length > 1 ? 's' : ''} ${names}.`);
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>) : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function wrongValue({ name }: Field, raw: unknown): UnreadableAnswer {
  const shown = (JSON.stringify(raw) ?? 'nothing').slice(0, SHOWN_MAX);
  const message = `The output "${name}" cannot be ${shown}: it is no value of its type.`;
  return new UnreadableAnswer(message, [{ pointer: `/outputs/${name}`, code: 'wrong_type', message }]);
}
