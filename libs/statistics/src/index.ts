export { bootstrapInterval, type BootstrapOptions } from './bootstrap';
export type { Interval } from './interval';
export { mcnemar, type McNemar } from './mcnemar';
export { scoreInterval, type Confidence } from './score-interval';
export { signFlipTest, type SignFlip } from './sign-flip';
export { StatisticsError } from './statistics-error';
export { judgePairs, type ScoredPair, type Verdict } from './verdict';
export { wilsonInterval } from './wilson';
