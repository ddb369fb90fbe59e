import {
  isEnumType,
  isObjectType,
  isScalarType,
  isUnionType,
  type GraphQLEnumType,
  type GraphQLFieldConfigArgumentMap,
  type GraphQLObjectType,
  type GraphQLScalarType,
  type GraphQLSchema,
  type GraphQLUnionType,
} from 'graphql';

/** What a typed mutation says by itself: its program, by being the program's, and its inputs, by their type. */
const SAID_BY_TYPE = ['programId', 'version', 'inputs'];

/** The parts of a schema that the types of programs are built on. */
export interface BaseSchema {
  readonly schema: GraphQLSchema;
  readonly query: GraphQLObjectType;
  readonly mutation: GraphQLObjectType;
  readonly execution: GraphQLObjectType;
  readonly status: GraphQLEnumType;
  readonly pageInfo: GraphQLObjectType;
  readonly output: GraphQLUnionType;
  readonly json: GraphQLScalarType;
  /** The arguments of `executeProgram` that a typed mutation takes, too. */
  readonly runArgs: GraphQLFieldConfigArgumentMap;
  /** The arguments of `executions`: one filter for all programs. */
  readonly listArgs: GraphQLFieldConfigArgumentMap;
}

/** The parts; undefined when the schema has no executions, so that no program can have types on it. */
export function baseSchema(schema: GraphQLSchema): BaseSchema | undefined {
  const [query, mutation] = [schema.getQueryType(), schema.getMutationType()];
  const [execution, pageInfo] = [schema.getType('Execution'), schema.getType('PageInfo')];
  const status = schema.getType('ExecutionStatus');
  const [output, json] = [schema.getType('ProgramOutput'), schema.getType('JSON')];
  const run = mutation?.toConfig().fields['executeProgram'];
  const list = query?.toConfig().fields['executions'];
  if (query == null || mutation == null || run === undefined || list === undefined) return undefined;
  if (!isObjectType(execution) || !isObjectType(pageInfo) || !isEnumType(status)) return undefined;
  if (!isUnionType(output) || !isScalarType(json)) return undefined;
  const runArgs = Object.entries(run.args ?? {}).filter(([name]) => !SAID_BY_TYPE.includes(name));
  return {
    schema,
    query,
    mutation,
    execution,
    status,
    pageInfo,
    output,
    json,
    runArgs: Object.fromEntries(runArgs),
    listArgs: list.args ?? {},
  };
}
