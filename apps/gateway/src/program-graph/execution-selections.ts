import type { ProgramTypes } from '@dspy-nest/programs';
import {
  getNamedType,
  isObjectType,
  Kind,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** What a typed field asks of its executions themselves. */
export interface ExecutionSelections {
  /** The place in the answer, of those where an execution is asked for, that the selections are for. */
  readonly place: string | undefined;
  readonly selections: readonly SelectionNode[];
}

/** A place in an answer, whichever item of its lists it is in. */
export function placeOf(path: GraphQLResolveInfo['path'] | undefined): string {
  const keys: string[] = [];
  for (let at = path; at !== undefined; at = at.prev) if (typeof at.key === 'string') keys.unshift(at.key);
  return keys.join('.');
}

/**
 * Finds what a typed field asks of its executions. An execution may be asked for at several places, with names that exclude
 * each other; only the first is told, so that it can be asked for together with the outputs.
 */
export function executionSelections(types: ProgramTypes, info: GraphQLResolveInfo): ExecutionSelections {
  const found: { place: string | undefined; selections: SelectionNode[] } = { place: undefined, selections: [] };
  const type = getNamedType(info.returnType);
  if (!isObjectType(type)) return found;
  const finder = new Finder(types, info.fragments, (place, selections) => {
    found.place ??= place;
    if (found.place === place) found.selections.push(...selections);
  });
  for (const { selectionSet } of info.fieldNodes) finder.find(type, selectionSet, placeOf(info.path), []);
  return found;
}

type Directives = NonNullable<SelectionNode['directives']>;

class Finder {
  constructor(
    private readonly types: ProgramTypes,
    private readonly fragments: GraphQLResolveInfo['fragments'],
    private readonly onFound: (place: string, selections: readonly SelectionNode[]) => void,
  ) {}

  /** `directives` are those under which the selection set stands, `@include` and `@skip` among them. */
  find(type: GraphQLObjectType, set: SelectionSetNode | undefined, place: string, directives: Directives): void {
    for (const node of set?.selections ?? []) {
      const under = [...directives, ...(node.directives ?? [])];
      if (node.kind === Kind.INLINE_FRAGMENT) this.find(type, node.selectionSet, place, under);
      else if (node.kind === Kind.FRAGMENT_SPREAD)
        this.find(type, this.fragments[node.name.value]?.selectionSet, place, under);
      else if (node.selectionSet !== undefined) this.findInField(type, node, place, under);
    }
  }

  private findInField(
    parent: GraphQLObjectType,
    { name, alias, selectionSet }: Extract<SelectionNode, { kind: Kind.FIELD }>,
    above: string,
    directives: Directives,
  ): void {
    const field = parent.getFields()[name.value];
    const type = field && getNamedType(field.type);
    const place = `${above}.${alias?.value ?? name.value}`;
    if (isObjectType(type) && this.types.leadsToExecution(type)) this.find(type, selectionSet, place, directives);
    else if (selectionSet !== undefined && this.types.isExecution(type))
      this.onFound(place, conditioned(selectionSet, directives));
  }
}

/** The selections under the conditions of what they stand in: one fragment for each. */
function conditioned(selectionSet: SelectionSetNode, directives: Directives): readonly SelectionNode[] {
  return directives.reduce<readonly SelectionNode[]>(
    (selections, directive) => [
      {
        kind: Kind.INLINE_FRAGMENT,
        directives: [directive],
        selectionSet: { kind: Kind.SELECTION_SET, selections },
      },
    ],
    selectionSet.selections,
  );
}
