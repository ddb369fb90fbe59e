export { isUuid, randomHex, uuidv7 } from './ids';
export { DEFAULT_TENANT, isTenant, newContext, receivedContext, type RequestContext } from './request-context';
export {
  AppError,
  fromWireError,
  InternalError,
  RemoteError,
  ServiceUnavailableError,
  TimedOutError,
  toWireError,
  ValidationFailedError,
  type AppErrorOptions,
} from './errors';
export { expectVersion, VersionConflictError } from './version-conflict.error';
export { NameConflictError } from './name-conflict.error';
export { cloudEvent } from './cloud-event';
export { toProblem, type Problem } from './problem';
export { ConfigError, loadConfig, serviceEnvironment, type ConfigProblem } from './config';
export { createLogger, NestLogger, type Logger } from './logging';
export { UnexpectedFailure } from './unexpected-failure';
export { runUntilSignal } from './lifecycle';
export { RecurringTask } from './recurring-task';
export { runProbes, type HealthProbe } from './health';
export { fromZodError } from './zod-errors';
export { Telemetry } from './telemetry';
export { joinMetricsTexts } from './prometheus-text';
export { inSpan, isTracing, startSpan, startTracing, type OpenSpan, type Tracing } from './tracing';
export { checkStorable, isStorable, isStorableText } from './storable-text';
export { modelNetworks, networksOf, refusedAs } from './model-networks';
