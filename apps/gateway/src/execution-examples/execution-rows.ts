import type { CorrectionsV1, DatasetV1, ExampleRowV1, ExecutionV1, JsonObject, Page } from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';

const EXECUTIONS_MAX = 100_000;

/** Where executions come from, and what some of them should have answered. */
export interface GivenExecutions {
  readonly page: (cursor: string | undefined) => Promise<Page<ExecutionV1>>;
  /** An execution with what its page left out because it is large. */
  readonly whole: (id: string) => Promise<ExecutionV1>;
  /** The outputs that feedback corrects in some of these executions. */
  readonly feedback: (executionIds: string[]) => Promise<CorrectionsV1>;
  /** All outputs that some executions should have had, by their ids; they go before what feedback says. */
  readonly corrections: ReadonlyMap<string, JsonObject>;
  readonly fields: DatasetV1['fields'];
}

/**
 * Executions as rows: what went in, and what came out or should have. A correction of an execution that is not among them is an
 * error of a row. Throws ValidationFailedError when there are more than can be added at once.
 */
export async function* executionRows(given: GivenExecutions): AsyncGenerator<ExampleRowV1> {
  const left = new Map(given.corrections);
  let [line, cursor]: [number, string | undefined] = [0, undefined];
  do {
    const { items, nextCursor }: Page<ExecutionV1> = await given.page(cursor);
    const corrected = await correctedOutputs(given, items);
    for (const listed of items) {
      line += 1;
      if (line > EXECUTIONS_MAX) throw tooMany();
      const execution = listed.omitted.length === 0 ? listed : await given.whole(listed.id);
      const outputs = left.get(listed.id) ?? outputsOf(execution, corrected.get(listed.id), given.fields);
      yield rowOf(execution, line, outputs);
      left.delete(listed.id);
    }
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
  for (const id of left.keys()) {
    line += 1;
    yield faulty(line, 'execution_not_found', `Execution ${id} is corrected, and is none of those of the filter.`);
  }
}

async function correctedOutputs(
  { feedback }: GivenExecutions,
  executions: readonly ExecutionV1[],
): Promise<ReadonlyMap<string, JsonObject>> {
  if (executions.length === 0) return new Map();
  const { items } = await feedback(executions.map(({ id }) => id));
  return new Map(items.map(({ executionId, correction }) => [executionId, correction as JsonObject]));
}

/** What came out, but for what is corrected of it. */
function outputsOf(
  { outputs }: ExecutionV1,
  correction: JsonObject | undefined,
  fields: DatasetV1['fields'],
): Record<string, unknown> {
  // A module may answer more than the signature says, such as its reasoning.
  const known = Object.entries(outputs ?? {}).filter(([name]) => fields.outputs.includes(name));
  return { ...Object.fromEntries(known), ...correction };
}

function rowOf({ id, inputs }: ExecutionV1, line: number, outputs: Record<string, unknown>): ExampleRowV1 {
  if (inputs === null) return faulty(line, 'inputs_not_kept', `The inputs of execution ${id} are kept no more.`);
  return { line, inputs, outputs };
}

function faulty(line: number, code: string, message: string): ExampleRowV1 {
  return { line, error: { code, message, retryable: false, details: {} } };
}

function tooMany(): ValidationFailedError {
  const message = `The filter finds more than ${EXECUTIONS_MAX} executions, the most that are added at once. Narrow it.`;
  return new ValidationFailedError(message, [{ pointer: '/filter', code: 'too_many_executions', message }]);
}
