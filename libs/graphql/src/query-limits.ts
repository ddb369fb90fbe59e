import { PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX } from '@dspy-nest/contracts';
import {
  getOperationAST,
  GraphQLError,
  Kind,
  parse,
  valueFromASTUntyped,
  type ASTVisitor,
  type DocumentNode,
  type ExecutionArgs,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type ParseOptions,
  type SelectionNode,
  type SelectionSetNode,
  type Source,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

/** How much one document may ask for. */
export interface QueryLimits {
  readonly tokens: number;
  /** Levels of fields; introspection has a rule of its own. */
  readonly depth: number;
  /** Each may run a field once more. */
  readonly aliases: number;
  /** Top-level fields of an operation, fragments included. */
  readonly rootFields: number;
  /** Objects of the answer, if every page is full. */
  readonly objects: number;
}

/** What the documents of callers may ask for. */
export const CALLER_LIMITS: QueryLimits = { tokens: 4_000, depth: 12, aliases: 30, rootFields: 20, objects: 10_000 };
/** What the documents of routers may ask for, which add fields and names of their own to those of callers. */
export const ROUTER_LIMITS: QueryLimits = {
  tokens: 40_000,
  depth: 20,
  aliases: 1_000,
  rootFields: 200,
  objects: 50_000,
};

interface Size {
  depth: number;
  fields: number;
  objects: number;
  /** Whether these are the fields of a connection. */
  hasEdges: boolean;
}

const NOTHING: Readonly<Size> = { depth: 0, fields: 0, objects: 0, hasEdges: false };

/** Parses a document of so many tokens at most; throws GraphQLError. */
export function parseWithin({ tokens }: QueryLimits, source: string | Source, options?: ParseOptions): DocumentNode {
  try {
    return parse(source, { ...options, maxTokens: tokens });
  } catch (error) {
    if (!(error instanceof GraphQLError) || !error.message.includes('tokens')) throw error;
    throw tooMuch(`has too many tokens; at most ${tokens} are allowed`);
  }
}

/**
 * Refuses documents that ask for too much at once, whatever their variables: how many objects that is, {@link objectsRefusal}
 * says. Fragments count wherever they are spread.
 */
export function queryLimitsRule(limits: QueryLimits): ValidationRule {
  return (context: ValidationContext): ASTVisitor => ({
    Document(document) {
      const check = (what: string, is: number, most: number): void => {
        if (is > most) context.reportError(tooMuch(`${what.replace('#', String(is))}; at most ${most} are allowed`));
      };
      const measure = sizeMeter(document, {});
      for (const node of document.definitions) {
        if (node.kind !== Kind.OPERATION_DEFINITION) continue;
        const { depth, fields } = measure(node.selectionSet);
        check('nests # levels deep', depth, limits.depth);
        check('has # top-level fields', fields, limits.rootFields);
      }
      check('has # aliases', countAliases(document), limits.aliases);
    },
  });
}

/** Why a valid operation with these variables is not run, because its pages, those within pages included, hold too much. */
export function objectsRefusal(
  limits: QueryLimits,
  { document, operationName, variableValues }: Pick<ExecutionArgs, 'document' | 'operationName' | 'variableValues'>,
): GraphQLError | undefined {
  const operation = getOperationAST(document, operationName);
  if (!operation) return undefined;
  const { objects } = sizeMeter(document, withDefaults(operation, variableValues ?? {}))(operation.selectionSet);
  if (objects <= limits.objects) return undefined;
  return tooMuch(`asks for up to ${objects} objects; at most ${limits.objects} are allowed`);
}

type Variables = Readonly<Record<string, unknown>>;

function withDefaults({ variableDefinitions = [] }: OperationDefinitionNode, given: Variables): Variables {
  const defaults = variableDefinitions.flatMap(({ variable, defaultValue }) =>
    defaultValue === undefined ? [] : [[variable.name.value, valueFromASTUntyped(defaultValue)] as const],
  );
  return { ...Object.fromEntries(defaults), ...given };
}

function tooMuch(what: string): GraphQLError {
  const remedy = 'Ask in several requests, or for smaller pages with "first".';
  return new GraphQLError(`The document ${what}. ${remedy}`, {
    extensions: { code: 'malformed_request', retryable: false, http: { spec: true, status: 400 } },
  });
}

/** Measures selection sets; a fragment is measured once, and one that spreads itself (another rule refuses it) counts nothing. */
function sizeMeter(document: DocumentNode, variables: Variables): (set: SelectionSetNode) => Size {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const known = new Map<string, Size>();
  const measureFragment = (name: string): Size => {
    const fragment = fragments.get(name);
    if (fragment === undefined) return NOTHING;
    if (!known.has(name)) {
      known.set(name, NOTHING);
      known.set(name, measure(fragment.selectionSet));
    }
    return known.get(name)!;
  };
  const measure = (set: SelectionSetNode): Size => {
    const size = { ...NOTHING };
    for (const node of set.selections) {
      const inner = node.kind === Kind.FIELD ? sizeOfField(node) : sizeOfSpread(node);
      size.depth = Math.max(size.depth, inner.depth);
      size.fields += inner.fields;
      size.objects += inner.objects;
      size.hasEdges ||= inner.hasEdges;
    }
    return size;
  };
  const sizeOfField = (field: FieldNode): Size => {
    const name = field.name.value;
    if (name.startsWith('__')) return { ...NOTHING, fields: 1 };
    if (field.selectionSet === undefined) return { ...NOTHING, depth: 1, fields: 1 };
    const inner = measure(field.selectionSet);
    const objects = 1 + inner.objects * pageSize(field, inner, variables);
    return { depth: 1 + inner.depth, fields: 1, objects, hasEdges: name === 'edges' };
  };
  const sizeOfSpread = (node: Exclude<SelectionNode, FieldNode>): Size =>
    node.kind === Kind.FRAGMENT_SPREAD ? measureFragment(node.name.value) : measure(node.selectionSet);
  return measure;
}

/** How many nodes a field may give: of a connection as many as a page has, of another field one. */
function pageSize({ arguments: given = [] }: FieldNode, { hasEdges }: Size, variables: Variables): number {
  const sizes = given
    .filter(({ name }) => name.value === 'first' || name.value === 'last')
    .map(({ value }) => Number(valueFromASTUntyped(value, variables) ?? Number.NaN))
    .filter((size) => !Number.isNaN(size));
  if (sizes.length === 0) return hasEdges ? PAGE_LIMIT_DEFAULT : 1;
  return Math.min(Math.max(...sizes, 1), PAGE_LIMIT_MAX);
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
