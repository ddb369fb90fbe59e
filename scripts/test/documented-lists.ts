interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly items?: { readonly enum: string[] };
  readonly properties?: Record<string, Schema>;
}
interface Parameter {
  readonly name?: string;
  readonly schema?: Schema;
  readonly $ref?: string;
}
/** As much of /openapi.json as tells of lists. */
export interface ListsDocument {
  readonly paths: Record<string, { readonly get?: { readonly parameters?: Parameter[] } }>;
  readonly components: { readonly parameters?: Record<string, Parameter> };
}

/** A list as the document has it. */
export interface DocumentedList {
  readonly path: string;
  readonly sorts: string[];
  /** By field, each operator with a value that is said to be good for it. */
  readonly filters: Record<string, Record<string, string>>;
}

const FILTER = /^filter\[(\w+)\]$/;

/** The lists of the document that can be sorted. */
export function documentedLists({ paths, components }: ListsDocument): DocumentedList[] {
  const find = (one: Parameter): Parameter =>
    one.$ref === undefined ? one : components.parameters![one.$ref.split('/').at(-1)!]!;
  return Object.entries(paths).flatMap(([path, { get }]) => {
    const parameters = (get?.parameters ?? []).map(find);
    const sorts = parameters.find(({ name }) => name === 'sort')?.schema?.items?.enum;
    return sorts === undefined ? [] : [{ path, sorts, filters: filtersOf(parameters) }];
  });
}

function filtersOf(parameters: Parameter[]): DocumentedList['filters'] {
  const filters: DocumentedList['filters'] = {};
  for (const { name = '', schema } of parameters) {
    const [, field] = FILTER.exec(name) ?? [];
    const operators = schema?.properties ?? {};
    if (field === undefined) continue;
    const values = Object.entries(operators).map(([operator, one]) => [operator, goodValue(one, operators['eq'])]);
    filters[field] = Object.fromEntries(values) as Record<string, string>;
  }
  return filters;
}

/** A value of the schema of an operator on a field whose single values are of `type`. */
function goodValue({ type: own, description }: Schema, type: Schema = {}): string {
  if (own === 'boolean') return 'true';
  const one = valueOf(type);
  return description?.includes('commas') ? `${one},${one}` : one;
}

function valueOf({ type, format }: Schema): string {
  if (type === 'integer' || type === 'number') return '7';
  if (format === 'date-time') return '2026-01-01T00:00:00Z';
  return format === 'uuid' ? '0190f5fe-7c00-7a00-8abc-0123456789ab' : 'x';
}

/** What a list says of a query that it refuses. */
export async function refusalOf(url: string): Promise<{ status: number; detail: string; errors: unknown[] }> {
  const response = await fetch(url);
  return { ...((await response.json()) as { detail: string; errors: unknown[] }), status: response.status };
}
