import type { ProgramInterfaceV1 } from '@dspy-nest/contracts';
import {
  ProgramSchema,
  type ProgramCalls,
  type ProgramTypes,
  type RunArgs,
  type TypedConnection,
  type TypedExecution,
} from '@dspy-nest/programs';
import type { GraphQLObjectType, GraphQLResolveInfo } from 'graphql';
import { resolveField, select, typeOfField } from './base-fields';
import { executionSelections, placeOf, type ExecutionSelections } from './execution-selections';
import { ALWAYS_SELECTED, toTypedExecution, type SelectedExecution } from './typed-execution';

const PAGE_INFO = ['hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor'].map((name) => select(name));

/** Typed fields are other words for `executeProgram` and `executions` of the federated graph, which they ask for what they need. */
export class DelegatedCalls implements ProgramCalls {
  async run(
    program: ProgramInterfaceV1,
    args: RunArgs,
    context: unknown,
    info: GraphQLResolveInfo,
  ): Promise<TypedExecution> {
    const wanted = executionSelections(typesOf(program, info), info);
    const call = {
      parent: info.schema.getMutationType()!,
      name: 'executeProgram',
      args: { ...args, programId: program.name },
      selections: selectionsOf(wanted),
    };
    return toTyped(await resolveField(undefined, call, context, info), wanted);
  }

  async list(
    program: ProgramInterfaceV1,
    { filter, ...args }: Record<string, unknown>,
    context: unknown,
    info: GraphQLResolveInfo,
  ): Promise<TypedConnection> {
    const wanted = executionSelections(typesOf(program, info), info);
    const parent = info.schema.getQueryType()!;
    const node = select('node', selectionsOf(wanted));
    const edges = select('edges', [select('cursor'), node]);
    const call = {
      parent,
      name: 'executions',
      args: { ...args, filter: { ...(filter as object | null), program: { eq: program.name } } },
      selections: [edges, select('pageInfo', PAGE_INFO)],
    };
    const connection = (await resolveField(undefined, call, context, info)) as { pageInfo: unknown };
    const connectionType = typeOfField(parent, 'executions');
    const edgesCall = { parent: connectionType, name: 'edges', selections: edges.selectionSet!.selections };
    const found = (await resolveField(connection, edgesCall, context, info)) as { cursor: string }[];
    const nodeCall = { parent: typeOfField(connectionType, 'edges'), name: 'node', selections: selectionsOf(wanted) };
    const typed = found.map(async (edge) => {
      return { ...toTyped(await resolveField(edge, nodeCall, context, info), wanted), cursor: edge.cursor };
    });
    return { edges: await Promise.all(typed), pageInfo: connection.pageInfo };
  }
}

function typesOf({ programId, name }: ProgramInterfaceV1, { schema }: GraphQLResolveInfo): ProgramTypes {
  const types = schema instanceof ProgramSchema ? schema.typesOf(programId) : undefined;
  if (types === undefined) throw new TypeError(`The schema of the request has no types of program "${name}".`);
  return types;
}

function selectionsOf({ selections }: ExecutionSelections) {
  return [...ALWAYS_SELECTED, ...selections];
}

/** Where the execution was not asked for together with the outputs, it is asked for by itself. */
function toTyped(found: unknown, { place }: ExecutionSelections): TypedExecution {
  const execution = (_args: object, context: unknown, info: GraphQLResolveInfo): unknown =>
    placeOf(info.path) === place ? found : findExecution((found as SelectedExecution).dspyNest_id, context, info);
  return toTypedExecution(found as SelectedExecution, execution);
}

/** Asks for an execution by its id, with what is selected at the place at hand. */
export function findExecution(id: string, context: unknown, info: GraphQLResolveInfo): Promise<unknown> {
  const parent: GraphQLObjectType = info.schema.getQueryType()!;
  const selections = info.fieldNodes.flatMap(({ selectionSet }) => selectionSet?.selections ?? []);
  return resolveField(undefined, { parent, name: 'execution', args: { id }, selections }, context, info);
}
