import {
  GraphQLError,
  Kind,
  type ASTVisitor,
  type DocumentNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

/** The most tokens a document may have. */
export const TOKENS_MAX = 4_000;
/** The most levels of fields a document may nest; introspection has a rule of its own. */
export const DEPTH_MAX = 12;
/** The most aliases a document may have: each may run a field once more. */
export const ALIASES_MAX = 30;
/** The most top-level fields of an operation, fragments included. */
export const ROOT_FIELDS_MAX = 20;

interface Size {
  depth: number;
  fields: number;
}

/** Refuses documents that ask for too much at once. Fragments count wherever they are spread. */
export const queryLimitsRule: ValidationRule = (context: ValidationContext): ASTVisitor => ({
  Document(document) {
    const measure = sizeMeter(document);
    for (const node of document.definitions) {
      if (node.kind !== Kind.OPERATION_DEFINITION) continue;
      const { depth, fields } = measure(node.selectionSet);
      if (depth > DEPTH_MAX) report(context, `nests ${depth} levels deep; at most ${DEPTH_MAX} are allowed`);
      if (fields > ROOT_FIELDS_MAX)
        report(context, `has ${fields} top-level fields; at most ${ROOT_FIELDS_MAX} are allowed`);
    }
    const aliases = countAliases(document);
    if (aliases > ALIASES_MAX) report(context, `has ${aliases} aliases; at most ${ALIASES_MAX} are allowed`);
  },
});

function report(context: ValidationContext, what: string): void {
  const extensions = { code: 'malformed_request' };
  context.reportError(new GraphQLError(`The document ${what}. Ask in several requests.`, { extensions }));
}

/** Measures selection sets; a fragment is measured once, and one that spreads itself (another rule refuses it) counts nothing. */
function sizeMeter(document: DocumentNode): (set: SelectionSetNode) => Size {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const known = new Map<string, Size>();
  const measureFragment = (name: string): Size => {
    const fragment = fragments.get(name);
    if (fragment === undefined) return { depth: 0, fields: 0 };
    if (!known.has(name)) {
      known.set(name, { depth: 0, fields: 0 });
      known.set(name, measure(fragment.selectionSet));
    }
    return known.get(name)!;
  };
  const measure = (set: SelectionSetNode): Size => {
    const size = { depth: 0, fields: 0 };
    for (const node of set.selections) {
      const inner = node.kind === Kind.FIELD ? sizeOfField(node.name.value, node.selectionSet) : sizeOfSpread(node);
      size.depth = Math.max(size.depth, inner.depth);
      size.fields += inner.fields;
    }
    return size;
  };
  const sizeOfField = (name: string, set: SelectionSetNode | undefined): Size => {
    if (name.startsWith('__')) return { depth: 0, fields: 1 };
    return { depth: 1 + (set === undefined ? 0 : measure(set).depth), fields: 1 };
  };
  const sizeOfSpread = (node: Exclude<SelectionSetNode['selections'][number], { kind: Kind.FIELD }>): Size =>
    node.kind === Kind.FRAGMENT_SPREAD ? measureFragment(node.name.value) : measure(node.selectionSet);
  return measure;
}

function countAliases(document: DocumentNode): number {
  let aliases = 0;
  const pending: SelectionSetNode[] = document.definitions.flatMap((node) =>
    'selectionSet' in node ? [node.selectionSet] : [],
  );
  for (let set = pending.pop(); set !== undefined; set = pending.pop()) {
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD && node.alias !== undefined) aliases += 1;
      if ('selectionSet' in node && node.selectionSet !== undefined) pending.push(node.selectionSet);
    }
  }
  return aliases;
}
