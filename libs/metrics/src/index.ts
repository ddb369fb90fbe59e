export { checkMetric, metricLimits, type MetricCheck, type MetricFault } from './check-metric';
export { judgesOf, withJudges, type JudgeDefinition } from './judges';
export { labelOf, labelTable, NO_ANSWER, type Confusion, type LabelTable } from './label-table';
export type { MetricDefinition, ScoredExample } from './metric-kind';
export { looksAtRuns } from './looks-at-runs';
export { comparedFields, scoreExample } from './score-example';
