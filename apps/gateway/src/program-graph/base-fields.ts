import {
  getNamedType,
  isObjectType,
  Kind,
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type SelectionNode,
} from 'graphql';

/** How a field of the graph below is asked. */
export interface FieldCall {
  readonly parent: GraphQLObjectType;
  readonly name: string;
  readonly args?: Record<string, unknown>;
  readonly selections: readonly SelectionNode[];
}

/** A field to select, with what to select in it. */
export function select(name: string, selections: readonly SelectionNode[] = [], alias?: string): FieldNode {
  return {
    kind: Kind.FIELD,
    name: { kind: Kind.NAME, value: name },
    ...(alias !== undefined && { alias: { kind: Kind.NAME, value: alias } }),
    ...(selections.length > 0 && { selectionSet: { kind: Kind.SELECTION_SET, selections } }),
  };
}

/**
 * Resolves a field of the federated graph as if it had been asked for in place of the field at hand: what it needs of other
 * services is asked of them. Rejects with the error the service answered.
 */
export async function resolveField(
  source: unknown,
  { parent, name, args = {}, selections }: FieldCall,
  context: unknown,
  info: GraphQLResolveInfo,
): Promise<unknown> {
  const field = fieldOf(parent, name);
  const fieldNodes = [select(name, selections)];
  const own = { ...info, fieldName: name, fieldNodes, parentType: parent, returnType: field.type };
  const value: unknown = await field.resolve?.(source, args, context, own);
  // The library hands on errors of services as values.
  if (value instanceof Error) throw value;
  return value;
}

/** The object type that a field gives, or a list of. */
export function typeOfField(parent: GraphQLObjectType, name: string): GraphQLObjectType {
  const type = getNamedType(fieldOf(parent, name).type);
  if (!isObjectType(type)) throw new TypeError(`The field ${parent.name}.${name} gives no objects.`);
  return type;
}

function fieldOf(parent: GraphQLObjectType, name: string): GraphQLField<unknown, unknown> {
  const field = parent.getFields()[name];
  if (field === undefined) throw new TypeError(`The graph has no field ${parent.name}.${name}.`);
  return field;
}
