export { isUuid, randomHex, uuidv7 } from './ids';
export { DEFAULT_TENANT, newContext, receivedContext, type RequestContext } from './request-context';
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
export { runProbes, type HealthProbe } from './health';
export { fromZodError } from './zod-errors';
export { Telemetry } from './telemetry';
export { joinMetricsTexts } from './prometheus-text';
export { inSpan, isTracing, startSpan, startTracing, type OpenSpan, type Tracing } from './tracing';
export { DateTimeScalar, JsonScalar } from './graphql/scalars';
export {
  ConnectionArgs,
  PageInfo,
  pageRequestFrom,
  toConnection,
  type Connection,
  type ConnectionPage,
} from './graphql/relay';
export { subgraphSdl, YogaSubgraphDriver, type SubgraphContext } from './graphql/yoga-subgraph.driver';
export { SUBGRAPH_OPTIONS, subgraphOptions } from './graphql/subgraph-options';
export { CALLER_LIMITS, objectsRefusal, parseWithin, queryLimitsRule, type QueryLimits } from './graphql/query-limits';
export {
  BooleanFilter,
  DateTimeFilter,
  FloatFilter,
  IdFilter,
  IntFilter,
  ResourceFilter,
  StringFilter,
} from './graphql/filters';
export { connectionType } from './graphql/connection-type';
export { given } from './graphql/given';
export { PageLoader } from './graphql/page-loader';
export { RequestLoader } from './graphql/request-loader';
export { checkStorable, isStorable, isStorableText } from './storable-text';
export { modelNetworks, networksOf, refusedAs } from './model-networks';
