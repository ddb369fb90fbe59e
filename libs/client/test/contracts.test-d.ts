import type {
  BatchResultV1,
  BatchV1,
  CloudEvent as StoredEvent,
  DatasetCreateV1,
  DatasetV1,
  EvaluationComparisonV1,
  EvaluationCreateV1,
  EvaluationResultV1,
  EvaluationV1,
  ExamplesAppendedV1,
  ExampleV1,
  ExecutionEventV1,
  ExecutionV1,
  FeedbackCreateV1,
  FeedbackV1,
  MetricCreateV1,
  MetricV1,
  OptimizationCreateV1,
  OptimizationDiffV1,
  OptimizationV1,
  OptimizerV1,
  ProgramStateImportedV1,
  ProgramUpdateV1,
  ProgramV1,
} from '@dspy-nest/contracts';
import type { Batch, BatchResult } from '../src/batch';
import type { AppendedExamples, Dataset, Example, NewDataset } from '../src/dataset';
import type { Evaluation, EvaluationComparison, EvaluationResult, NewEvaluation } from '../src/evaluation';
import type { Execution } from '../src/execution';
import type { ExecutionEvent } from '../src/execution-event';
import type { GivenFeedback, NewFeedback } from '../src/feedback';
import type { Metric, NewMetric } from '../src/metrics';
import type { NewOptimization, Optimization, OptimizationDiff, Optimizer } from '../src/optimization';
import type { CloudEvent } from '../src/platform-event';
import type { ImportedState } from '../src/program-state';
import type { ProgramChange, ProgramVersion } from '../src/program-version';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Expect<Holds extends true> = Holds;
type Flat<T> = { [Member in keyof T]: T[Member] };
type Loose<T> = Omit<T, 'error' | 'adapter' | 'format' | 'lane'>;
type SettingsOf<T> = T extends { name: infer Name; settings: infer Settings } ? [Name, keyof Settings] : never;
type KeyOfEach<T> = T extends unknown ? keyof T : never;

// The client has no dependency on the contracts, and yet the form of what they describe.
export type Tests = [
  Expect<Equal<keyof Execution, keyof ExecutionV1>>,
  Expect<ExecutionV1 extends Execution ? true : false>,
  Expect<Flat<Loose<Execution>> extends Flat<Loose<ExecutionV1>> ? true : false>,
  Expect<Equal<ExecutionEvent['type'], ExecutionEventV1['type']>>,
  Expect<Equal<KeyOfEach<ExecutionEvent>, keyof ExecutionEventV1>>,
  Expect<ExecutionEvent extends Omit<ExecutionEventV1, 'error' | 'execution'> ? true : false>,
  Expect<ProgramStateImportedV1 extends ImportedState ? true : false>,
  Expect<Equal<keyof Batch, keyof BatchV1>>,
  Expect<BatchV1 extends Batch ? true : false>,
  Expect<Flat<Loose<Batch>> extends Flat<Loose<BatchV1>> ? true : false>,
  Expect<Equal<KeyOfEach<BatchResult>, keyof BatchResultV1>>,
  Expect<BatchResult['status'] extends BatchResultV1['status'] ? true : false>,
  Expect<Equal<Exclude<keyof ProgramVersion, 'etag'>, keyof ProgramV1>>,
  Expect<Omit<ProgramV1, 'config'> extends Omit<ProgramVersion, 'etag' | 'config'> ? true : false>,
  Expect<Equal<keyof ProgramChange, Exclude<keyof ProgramUpdateV1, 'name' | 'ifMatch'>>>,
  Expect<Equal<GivenFeedback, FeedbackV1>>,
  Expect<Equal<keyof NewFeedback, Exclude<keyof FeedbackCreateV1, 'executionId'>>>,
  Expect<Equal<Dataset, DatasetV1>>,
  Expect<Equal<NewDataset, DatasetCreateV1>>,
  Expect<Equal<Example, ExampleV1>>,
  Expect<Equal<Flat<AppendedExamples>, Flat<ExamplesAppendedV1>>>,
  Expect<Equal<Metric, MetricV1>>,
  Expect<Equal<keyof NewMetric, keyof MetricCreateV1>>,
  Expect<Equal<keyof Evaluation, keyof EvaluationV1>>,
  Expect<EvaluationV1 extends Evaluation ? true : false>,
  Expect<Equal<EvaluationResult, EvaluationResultV1>>,
  Expect<Equal<EvaluationComparison, EvaluationComparisonV1>>,
  Expect<Equal<KeyOfEach<NewEvaluation>, keyof EvaluationCreateV1>>,
  Expect<Equal<keyof Optimization, keyof OptimizationV1>>,
  Expect<OptimizationV1 extends Optimization ? true : false>,
  Expect<Flat<Loose<Optimization>> extends Flat<Loose<OptimizationV1>> ? true : false>,
  Expect<Equal<keyof NewOptimization, keyof OptimizationCreateV1>>,
  Expect<NewOptimization extends OptimizationCreateV1 ? true : false>,
  Expect<OptimizerV1 extends Optimizer ? true : false>,
  Expect<Optimizer extends OptimizerV1 ? true : false>,
  Expect<Equal<SettingsOf<Optimizer>, SettingsOf<OptimizerV1>>>,
  Expect<Equal<OptimizationDiff, OptimizationDiffV1>>,
  Expect<Equal<Flat<StoredEvent>, Flat<CloudEvent>>>,
];
