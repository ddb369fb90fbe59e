export { DateTimeScalar, JsonScalar } from './scalars';
export { ConnectionArgs, PageInfo, pageRequestFrom, toConnection, type Connection, type ConnectionPage } from './relay';
export { subgraphSdl, YogaSubgraphDriver, type SubgraphContext } from './yoga-subgraph.driver';
export { SUBGRAPH_OPTIONS, subgraphOptions } from './subgraph-options';
export { CALLER_LIMITS, objectsRefusal, parseWithin, queryLimitsRule, type QueryLimits } from './query-limits';
export {
  BooleanFilter,
  DateTimeFilter,
  FloatFilter,
  IdFilter,
  IntFilter,
  ResourceFilter,
  StringFilter,
} from './filters';
export { connectionType } from './connection-type';
export { given } from './given';
export { PageLoader } from './page-loader';
export { RequestLoader } from './request-loader';
export { subgraphHandler } from './subgraph-handler';
