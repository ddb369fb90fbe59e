import { EXAMPLE_SPLITS, OPTIMIZATION_LIMITS, type DatasetV1, type ErrorItem } from '@dspy-nest/contracts';
import { judgesOf, looksAtRuns } from '@dspy-nest/metrics';
import { countFitting, type Evaluated } from '../evaluation-examples/dataset-fit';
import { NotOptimizableError } from './optimizations.errors';

/**
 * Throws NotEvaluableError when a split has no example or examples do not fit the program and the metric, NotOptimizableError for
 * what only optimisers cannot do.
 */
export function refuseUnoptimizable(dataset: DatasetV1, evaluated: Evaluated): void {
  for (const split of EXAMPLE_SPLITS) countFitting(dataset, split, evaluated);
  const errors = [...sizeFaults(dataset), ...metricFaults(evaluated)];
  if (errors.length > 0) throw new NotOptimizableError(errors);
}

function sizeFaults({ name, version, examples }: DatasetV1): ErrorItem[] {
  const most = OPTIMIZATION_LIMITS.examples;
  const tooLarge = (['train', 'validation'] as const).filter((split) => examples[split] > most);
  return tooLarge.map((split) =>
    fault(
      'dataset',
      `Dataset "${name}" version ${version} has ${examples[split]} examples in ${split}; at most ${most}.`,
    ),
  );
}

function metricFaults({ definition }: Evaluated): ErrorItem[] {
  if (!looksAtRuns(definition) && judgesOf(definition).length === 0) return [];
  const remedy = 'Optimise for a metric of answers, and evaluate by the other.';
  return [fault('metric', `An optimiser cannot improve cost or latency yet, nor ask a judge. ${remedy}`)];
}

function fault(member: string, message: string): ErrorItem {
  return { pointer: `/${member}`, code: 'not_optimizable', message };
}
