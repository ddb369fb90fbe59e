import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import {
  buildASTSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  OperationTypeNode,
  parse,
  print,
  specifiedRules,
  validate,
  visit,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import type { SubgraphV1 } from '@dspy-nest/contracts';
import { programResultResolvers } from '../program-graph/program-result';
import type { SubgraphsClient } from '../supergraph/subgraphs.client';
import { runOn, type CallerContext } from './service-transport';

interface Plan {
  readonly service: string;
  readonly query: string;
}

/**
 * Which operations one service can answer by itself: they are handed to it as they are, and its answer to the caller, without
 * being taken apart and joined here. Documents are judged once.
 */
export class WholeOperations {
  private readonly services: readonly { readonly name: string; readonly schema: GraphQLSchema }[];
  private readonly plans = new WeakMap<DocumentNode, Plan | null>();

  constructor(subgraphs: readonly SubgraphV1[]) {
    this.services = subgraphs.map(({ name, sdl }) => ({ name, schema: ownSchema(sdl) }));
  }

  /** The service, and what to send it; null when more than one has to work together, or the gateway itself has to. */
  planOf(document: DocumentNode): Plan | null {
    const known = this.plans.get(document);
    if (known !== undefined) return known;
    const service = asksGateway(document) ? undefined : this.services.find(({ schema }) => answers(schema, document));
    const plan = service === undefined ? null : { service: service.name, query: print(document) };
    this.plans.set(document, plan);
    return plan;
  }
}

/** Hands whole operations to their service. */
export function handedOver(subgraphs: SubgraphsClient, whole: WholeOperations): GatewayPlugin<CallerContext> {
  return {
    onExecute({ args, setExecuteFn }) {
      const plan = whole.planOf(args.document);
      if (plan !== null && hasGoodVariables(args)) setExecuteFn(() => handOver(subgraphs, plan, args));
    },
  };
}

function handOver(
  subgraphs: SubgraphsClient,
  { service, query }: Plan,
  { document, operationName, variableValues: variables, contextValue: context }: ExecutionArgs,
): Promise<ExecutionResult> {
  const operationType = getOperationAST(document, operationName)?.operation;
  return runOn(subgraphs, service, { query, variables, operationName, operationType, context });
}

/** What is wrong with variables is told in one way, that of the executor here. */
function hasGoodVariables({ schema, document, operationName, variableValues }: ExecutionArgs): boolean {
  const operation = getOperationAST(document, operationName);
  if (!operation || operation.operation === OperationTypeNode.SUBSCRIPTION) return false;
  const { variableDefinitions = [] } = operation;
  return (
    variableDefinitions.length === 0 ||
    getVariableValues(schema, variableDefinitions, variableValues ?? {}).errors === undefined
  );
}

function answers(schema: GraphQLSchema, document: DocumentNode): boolean {
  // Validation says nothing of what is asked of a root type that is not there.
  const hasRoots = document.definitions.every(
    (node) => node.kind !== Kind.OPERATION_DEFINITION || schema.getRootType(node.operation) != null,
  );
  return hasRoots && validate(schema, document, specifiedRules).length === 0;
}

/** Whether it asks for the schema, which the gateway alone has whole, or for nothing that a service has. */
function asksGateway(document: DocumentNode): boolean {
  const names = new Set<string>();
  visit(document, { Field: ({ name }) => void names.add(name.value) });
  const ofServices = [...names].some((name) => !name.startsWith('__'));
  return !ofServices || names.has('__schema') || names.has('__type');
}

/** What a service can answer by itself: all it has but what it needs others for, and what the gateway resolves instead. */
function ownSchema(sdl: string): GraphQLSchema {
  const document = visit(parse(sdl), {
    FieldDefinition: (field, _key, _parent, _path, ancestors) => {
      const type = ancestors.at(-1);
      const typeName = type !== undefined && 'name' in type ? type.name?.value : undefined;
      const isForeign = field.directives?.some(({ name }) => ['external', 'requires'].includes(name.value)) ?? false;
      return isForeign || isResolvedHere(typeName, field.name.value) ? null : undefined;
    },
  });
  const definitions = document.definitions.filter(({ kind }) => kind !== Kind.SCHEMA_EXTENSION);
  return buildASTSchema({ ...document, definitions }, { assumeValidSDL: true, assumeValid: true });
}

function isResolvedHere(typeName: string | undefined, field: string): boolean {
  const resolvers: Readonly<Record<string, object>> = programResultResolvers;
  return typeName !== undefined && Object.hasOwn(resolvers[typeName] ?? {}, field);
}
