import type { DatasetV1, ExampleRowV1, ExecutionV1, JsonObject, Page } from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';

const EXECUTIONS_MAX = 100_000;

/** Where executions come from, and what some of them should have answered, by their ids. */
export interface GivenExecutions {
  readonly page: (cursor: string | undefined) => Promise<Page<ExecutionV1>>;
  readonly corrections: ReadonlyMap<string, JsonObject>;
  readonly fields: DatasetV1['fields'];
}

/**
 * Executions as rows: what went in, and what came out or should have. A correction of an execution that is not among them is an
 * error of a row. Throws ValidationFailedError when there are more than can be added at once.
 */
export async function* executionRows({ page, corrections, fields }: GivenExecutions): AsyncGenerator<ExampleRowV1> {
  const left = new Map(corrections);
  let [line, cursor]: [number, string | undefined] = [0, undefined];
  do {
    const { items, nextCursor }: Page<ExecutionV1> = await page(cursor);
    for (const execution of items) {
      line += 1;
      if (line > EXECUTIONS_MAX) throw tooMany();
      yield rowOf(execution, line, { correction: left.get(execution.id), fields });
      left.delete(execution.id);
    }
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
  for (const id of left.keys()) {
    line += 1;
    yield faulty(line, 'execution_not_found', `Execution ${id} is corrected, and is none of those of the filter.`);
  }
}

function rowOf(
  { id, inputs, outputs }: ExecutionV1,
  line: number,
  { correction, fields }: { correction: JsonObject | undefined; fields: DatasetV1['fields'] },
): ExampleRowV1 {
  if (inputs === null) return faulty(line, 'inputs_not_kept', `The inputs of execution ${id} are kept no more.`);
  if (correction !== undefined) return { line, inputs, outputs: correction };
  // A module may answer more than the signature says, such as its reasoning.
  const known = Object.entries(outputs ?? {}).filter(([name]) => fields.outputs.includes(name));
  return { line, inputs, outputs: Object.fromEntries(known) };
}

function faulty(line: number, code: string, message: string): ExampleRowV1 {
  return { line, error: { code, message, retryable: false, details: {} } };
}

function tooMany(): ValidationFailedError {
  const message = `The filter finds more than ${EXECUTIONS_MAX} executions, the most that are added at once. Narrow it.`;
  return new ValidationFailedError(message, [{ pointer: '/filter', code: 'too_many_executions', message }]);
}
