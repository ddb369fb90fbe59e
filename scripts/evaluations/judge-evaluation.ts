import type { EvaluationResultV1, EvaluationV1 } from '@dspy-nest/contracts';

/** What is wrong in an evaluation of so many examples, of which every answer of a whole tenth is expected to be wrong. */
export function faultsOf(evaluation: EvaluationV1, results: readonly EvaluationResultV1[], examples: number): string[] {
  const faults: string[] = [];
  const { status, counts, summary } = evaluation;
  if (status !== 'completed') faults.push(`It is ${status}: ${evaluation.error?.message ?? 'without an error'}.`);
  if (counts.total !== examples || counts.ended !== examples)
    faults.push(`${counts.ended} of ${counts.total} examples were counted, not ${examples}.`);
  const places = new Set(results.map(({ index }) => index));
  if (results.length !== examples || places.size !== examples)
    faults.push(`${results.length} results stand in ${places.size} places, not ${examples}.`);
  const executions = new Set(results.map(({ executionId }) => executionId));
  if (executions.size !== examples) faults.push(`${executions.size} executions ran ${examples} examples.`);
  const wrong = results.filter(({ index, score }) => score !== Number(index % 10 !== 0));
  if (wrong.length > 0)
    faults.push(`${wrong.length} examples have the wrong score, the first in place ${wrong[0]?.index}.`);
  const mean = results.reduce((sum, { score }) => sum + (score ?? 0), 0) / examples;
  if (Math.abs((summary?.score ?? 0) - mean) > 1e-12)
    faults.push(`The score is ${summary?.score}, the mean is ${mean}.`);
  return faults;
}
