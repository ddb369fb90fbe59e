export type { Batch, BatchOptions, BatchResult } from './batch';
export { Batches } from './batches';
export type {
  AddOptions,
  AppendedExamples,
  Dataset,
  Example,
  ExamplesQuery,
  ImportOptions,
  NewDataset,
  NewExample,
  Split,
} from './dataset';
export { Datasets } from './datasets';
export { DspyNest, type ClientOptions, type EventsOptions, type LoosePrograms } from './dspy-nest';
export {
  ConflictError,
  ConnectionError,
  DspyNestError,
  EvaluationFailedError,
  ExecutionFailedError,
  ForbiddenError,
  InvalidRequestError,
  NotFoundError,
  OptimizationFailedError,
  OverloadedError,
  RequestTimeoutError,
  UnauthorizedError,
  UnavailableError,
  UnexpectedAnswerError,
  type FieldError,
} from './errors';
export type {
  Evaluation,
  EvaluationComparison,
  EvaluationResult,
  EvaluationSummary,
  NewEvaluation,
  ScoreInterval,
} from './evaluation';
export { Evaluations, type EvaluationWaitOptions } from './evaluations';
export {
  type CallLimits,
  type Execution,
  type ExecutionStatus,
  type ListQuery,
  type Page,
  type SucceededExecution,
  type Values,
} from './execution';
export type { ExecutionEvent } from './execution-event';
export { Executions, type RepeatOptions, type WaitOptions } from './executions';
export { Feedback, type GivenFeedback, type NewFeedback } from './feedback';
export type { FollowOptions } from './follow';
export { Metrics, type Metric, type NewMetric } from './metrics';
export type {
  NewOptimization,
  Optimization,
  OptimizationDiff,
  OptimizationMessage,
  OptimizationReport,
  OptimizationTrial,
  Optimizer,
} from './optimization';
export { Optimizations, type OptimizationWaitOptions, type PublishOptions, type ReportOptions } from './optimizations';
export type { CloudEvent, EventFilter, PlatformEvent } from './platform-event';
export { Program, type ExecuteOptions, type StreamOptions, type SubmitOptions } from './program';
export type { ExportStateOptions, ImportedState, ImportStateOptions, ProgramState } from './program-state';
export type { ProgramChange, ProgramVersion, UpdateOptions } from './program-version';
export { type RetryOptions } from './retry';
