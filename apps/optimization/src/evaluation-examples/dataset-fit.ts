import {
  EVALUATION_DATASET_EXAMPLES_MAX,
  type DatasetV1,
  type ErrorItem,
  type ExampleSplit,
  type ExampleV1,
  type JsonObject,
} from '@dspy-nest/contracts';
import { comparedFields, type MetricDefinition } from '@dspy-nest/metrics';
import { coerceField, printType, type SignatureSpec } from '@dspy-nest/signature';
import { NotEvaluableError } from '../evaluations/evaluations.errors';
import type { NamedExample } from './named-example';

/** What examples are held against: what the program takes, and the metric with its fields named. */
export interface Evaluated {
  readonly signature: SignatureSpec;
  readonly definition: MetricDefinition;
}

/**
 * How many examples of a dataset a program is evaluated on. Throws NotEvaluableError when there are none or too many, when they
 * have other inputs than the program takes, or lack an output that the metric compares with.
 */
export function countFitting(dataset: DatasetV1, split: ExampleSplit | undefined, evaluated: Evaluated): number {
  const count = dataset.examples[split ?? 'total'];
  const errors = [...fieldFaults(dataset, evaluated), ...countFaults(dataset, split, count)];
  if (errors.length > 0) throw new NotEvaluableError(errors);
  return count;
}

/** An example of a dataset with its inputs in the types of the program. Throws NotEvaluableError that names the values that have none. */
export function fittingExample(signature: SignatureSpec, { id, number, inputs, outputs }: ExampleV1): NamedExample {
  const read: JsonObject = {};
  const errors: ErrorItem[] = [];
  for (const field of signature.inputs.filter(({ name }) => Object.hasOwn(inputs, name))) {
    const { value, fits } = coerceField(field, inputs[field.name], '');
    if (fits) read[field.name] = value as JsonObject[string];
    else errors.push(misfit(`Example ${number} has a "${field.name}" that is no ${printType(field.type)}.`));
  }
  if (errors.length > 0) throw new NotEvaluableError(errors);
  return { id, inputs: read, expected: outputs };
}

function fieldFaults({ name, fields }: DatasetV1, { signature, definition }: Evaluated): ErrorItem[] {
  const taken = signature.inputs.map((field) => field.name);
  const needed = signature.inputs.filter((field) => !field.optional && field.default === undefined);
  const [missing, unknown, unsaid] = [
    needed.map((field) => field.name).filter((field) => !fields.inputs.includes(field)),
    fields.inputs.filter((field) => !taken.includes(field)),
    comparedFields(definition).filter((field) => !fields.outputs.includes(field)),
  ];
  return [
    ...missing.map((field) => misfit(`Dataset "${name}" has no input "${field}", which the program needs.`)),
    ...unknown.map((field) => misfit(`Dataset "${name}" has the input "${field}", which the program does not take.`)),
    ...unsaid.map((field) => misfit(`Dataset "${name}" has no output "${field}", which the metric compares with.`)),
  ];
}

function countFaults({ name, version }: DatasetV1, split: ExampleSplit | undefined, count: number): ErrorItem[] {
  const of = `${split === undefined ? '' : `of the split "${split}" `}in version ${version} of dataset "${name}"`;
  if (count === 0) return [misfit(`There is no example ${of}.`, '/split')];
  if (count <= EVALUATION_DATASET_EXAMPLES_MAX) return [];
  const most = `an evaluation has at most ${EVALUATION_DATASET_EXAMPLES_MAX}. Choose a smaller split`;
  return [misfit(`There are ${count} examples ${of}; ${most}.`, '/split')];
}

function misfit(message: string, pointer = '/dataset'): ErrorItem {
  return { pointer, code: 'not_evaluable', message };
}
