import { createHash } from 'node:crypto';
import type { EvaluationExample } from '@dspy-nest/contracts';
import { checkMetric, comparedFields, type MetricDefinition } from '@dspy-nest/metrics';
import { canonicalJson } from '@dspy-nest/signature';
import { NotEvaluableError } from './evaluations.errors';

const FAULTS_SHOWN = 20;

/** An example under a name that the same inputs and expected outputs always have. */
export interface NamedExample extends EvaluationExample {
  readonly id: string;
}

/** The metric with its fields named by the outputs of the program. Throws NotEvaluableError. */
export function metricFor(definition: object, outputs: readonly string[]): MetricDefinition {
  const check = checkMetric(definition, outputs);
  if (check.ok) return check.metric;
  const errors = check.faults.map(({ message }) => ({ pointer: '/metric', code: 'not_evaluable', message }));
  throw new NotEvaluableError(errors);
}

/** The examples, each of which has what the metric compares with. Throws NotEvaluableError that names the first that do not. */
export function namedExamples(examples: readonly EvaluationExample[], metric: MetricDefinition): NamedExample[] {
  const fields = comparedFields(metric);
  const errors = examples.flatMap(({ expected }, index) =>
    fields
      .filter((field) => expected[field] === undefined)
      .map((field) => ({
        pointer: `/examples/${index}/expected`,
        code: 'missing_expected',
        message: `Example ${index} does not say which "${field}" is expected.`,
      })),
  );
  if (errors.length > 0) throw new NotEvaluableError(errors.slice(0, FAULTS_SHOWN));
  return examples.map(({ inputs, expected }) => ({ id: exampleId({ inputs, expected }), inputs, expected }));
}

function exampleId(example: EvaluationExample): string {
  return createHash('sha256').update(canonicalJson(example)).digest('hex');
}
