import {
  BatchResultV1,
  BatchV1,
  CloudEvent,
  DatasetDiffV1,
  DatasetLeakageV1,
  DatasetV1,
  DeadLetterV1,
  ErrorItem,
  ExamplesAppendedV1,
  ExamplesPreviewedV1,
  ExamplesV1,
  EvaluationComparisonV1,
  EvaluationResultV1,
  EvaluationV1,
  ExecutionEventV1,
  ExecutionStatsV1,
  ExecutionV1,
  FeedbackV1,
  ModelCallsV1,
  MetricV1,
  ModelV1,
  OptimizationDiffV1,
  OptimizationLogV1,
  OptimizationTrialsV1,
  OptimizationV1,
  ProgramState,
  ProgramStateImportedV1,
  ProgramV1,
  SignatureDiffV1,
  SignatureV1,
  WorkerV1,
} from '@dspy-nest/contracts';
import { z } from 'zod';

const JsonSchema = z.record(z.string(), z.unknown()).meta({ description: 'A JSON Schema (2020-12).' });

const Problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    code: z.string().meta({ description: 'Stable; tell problems apart by it.' }),
    traceId: z.string().length(32),
    errors: z.array(ErrorItem),
  })
  .meta({ description: 'RFC 9457. A synchronous execution that did not succeed adds the member `execution`.' });

const CONTRACTS = {
  Signature: SignatureV1,
  Program: ProgramV1,
  ProgramState,
  ImportedProgramState: ProgramStateImportedV1,
  Model: ModelV1,
  Metric: MetricV1,
  Evaluation: EvaluationV1,
  EvaluationResult: EvaluationResultV1,
  EvaluationComparison: EvaluationComparisonV1,
  Optimization: OptimizationV1,
  OptimizationTrials: OptimizationTrialsV1,
  OptimizationLog: OptimizationLogV1,
  OptimizationDiff: OptimizationDiffV1,
  Execution: ExecutionV1,
  Batch: BatchV1,
  BatchResult: BatchResultV1,
  Dataset: DatasetV1,
  DatasetDiff: DatasetDiffV1,
  DatasetLeakage: DatasetLeakageV1,
  Examples: ExamplesV1,
  AppendedExamples: ExamplesAppendedV1,
  PreviewedExamples: ExamplesPreviewedV1,
  Event: CloudEvent,
  EventsReset: z
    .object({ code: z.literal('events_expired'), message: z.string() })
    .meta({ description: 'What an event `reset` says: events before it are gone.' }),
  ExecutionEvent: ExecutionEventV1,
  ExecutionStats: ExecutionStatsV1,
  ModelCalls: ModelCallsV1,
  Feedback: FeedbackV1,
  DeadLetter: DeadLetterV1,
  Worker: WorkerV1,
  Problem,
  SignatureValidation: z.object({
    valid: z.boolean(),
    signature: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({ description: 'The spec, when the definition is valid.' }),
    errors: z.array(
      ErrorItem.omit({ pointer: true }).required({ offset: true, line: true, column: true, length: true }),
    ),
  }),
  SignatureDiff: SignatureDiffV1,
  SignatureJsonSchema: z.object({ input: JsonSchema, output: JsonSchema }),
} as const;

/** The names of the documented messages. */
export type ContractName = keyof typeof CONTRACTS;

/** The documented messages as component schemas of OpenAPI. */
export function contractSchemas(): Record<string, object> {
  return componentSchemas(CONTRACTS);
}

/** Contracts as component schemas of OpenAPI or AsyncAPI under these names, so that documents cannot drift from what is sent. */
export function componentSchemas(contracts: Record<string, z.ZodType>): Record<string, object> {
  const schemas: Record<string, object> = {};
  for (const [name, contract] of Object.entries(contracts)) {
    const { $schema: _, $defs = {}, ...root } = z.toJSONSchema(contract, { io: 'output' });
    const rootId = root.$ref?.replace('#/$defs/', '');
    for (const [id, definition] of Object.entries($defs)) schemas[id === rootId ? name : id] = withoutId(definition);
    if (rootId === undefined) schemas[name] = withoutId(root);
  }
  return JSON.parse(JSON.stringify(schemas).replaceAll('"#/$defs/', '"#/components/schemas/')) as Record<
    string,
    object
  >;
}

/** OpenAPI names a schema by its key; a second name inside would resolve as a base address. */
function withoutId(schema: object): object {
  const { id: _, ...rest } = schema as { id?: string };
  return rest;
}
