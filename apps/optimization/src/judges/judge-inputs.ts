import type { JsonObject } from '@dspy-nest/contracts';
import type { JudgeDefinition } from '@dspy-nest/metrics';
import { coerceField, type Field, type SignatureSpec } from '@dspy-nest/signature';

const EXPECTED = 'expected_';

/** One example with what the program answered. */
export interface AnsweredExample {
  readonly inputs: JsonObject;
  readonly expected: JsonObject;
  readonly answer: JsonObject;
}

type Sources = NonNullable<JudgeDefinition['inputs']>;

/**
 * Where each input of a judge is from, when it judges a program: as given, else by its name: an output, an input, or `expected_` and
 * an output. Answers what is wrong instead, in sentences.
 */
export function judgeSources(
  judge: SignatureSpec,
  judged: Pick<SignatureSpec, 'inputs' | 'outputs'>,
  given: Sources = {},
): Sources | string[] {
  const inputs = judged.inputs.map(({ name }) => name);
  const outputs = judged.outputs.map(({ name }) => name);
  const known = [
    ...inputs.map((name) => `inputs.${name}`),
    ...outputs.flatMap((name) => [`answer.${name}`, `expected.${name}`]),
  ];
  const sources: Record<string, string> = {};
  const faults = unknownInputs(judge, given);
  for (const { name, optional, default: fallback } of judge.inputs) {
    const source = given[name] ?? sourceByName(name, { inputs, outputs });
    if (source === undefined) {
      if (optional || fallback !== undefined) continue;
      faults.push(`The judge needs "${name}": say in "inputs" which of ${known.join(', ')} it is.`);
    } else if (known.includes(source)) sources[name] = source;
    else faults.push(`"${source}" for "${name}" is not in an example; there are ${known.join(', ')}.`);
  }
  return faults.length > 0 ? faults : sources;
}

/** The inputs of a judge for an answer, in its types where they fit; undefined if the example does not say something it needs. */
export function judgeInputs(judge: SignatureSpec, sources: Sources, example: AnsweredExample): JsonObject | undefined {
  const inputs: JsonObject = {};
  for (const field of judge.inputs) {
    const source = sources[field.name];
    if (source === undefined) continue;
    const [of, name] = source.split('.') as [keyof AnsweredExample, string];
    const value = example[of][name];
    if (value !== undefined) inputs[field.name] = asTyped(field, value);
    else if (!field.optional && field.default === undefined) return undefined;
  }
  return inputs;
}

/** A value that is not of the type of a text is shown to the judge as JSON. */
function asTyped(field: Field, value: JsonObject[string]): JsonObject[string] {
  const { value: read, fits } = coerceField(field, value, '');
  if (fits) return read as JsonObject[string];
  return field.type === 'string' ? JSON.stringify(value) : value;
}

function sourceByName(name: string, { inputs, outputs }: Record<'inputs' | 'outputs', string[]>): string | undefined {
  if (outputs.includes(name)) return `answer.${name}`;
  if (inputs.includes(name)) return `inputs.${name}`;
  const expected = name.startsWith(EXPECTED) ? name.slice(EXPECTED.length) : undefined;
  return expected !== undefined && outputs.includes(expected) ? `expected.${expected}` : undefined;
}

function unknownInputs(judge: SignatureSpec, given: Sources): string[] {
  const names = judge.inputs.map(({ name }) => name);
  return Object.keys(given)
    .filter((name) => !names.includes(name))
    .map((name) => `The judge has no input "${name}"; it has ${names.join(', ')}.`);
}
