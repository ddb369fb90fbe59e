import { createHash } from 'node:crypto';
import type { EvaluationExample } from '@dspy-nest/contracts';
import { comparedFields, type MetricDefinition } from '@dspy-nest/metrics';
import { canonicalJson } from '@dspy-nest/signature';
import { NotEvaluableError } from '../evaluations/evaluations.errors';

const FAULTS_SHOWN = 20;

/** An example under the name that the same inputs and expected outputs always have, in a dataset too. */
export interface NamedExample extends EvaluationExample {
  readonly id: string;
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

function exampleId({ inputs, expected }: EvaluationExample): string {
  return createHash('sha256')
    .update(canonicalJson({ inputs, outputs: expected }))
    .digest('hex');
}
