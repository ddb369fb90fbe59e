import { shorten } from '../cursor';
import { below, type JsonSchemaIssue } from '../json-schema-error';
import { signatureLimits } from '../spec';

/** A schema at its place. */
export interface SchemaNode {
  readonly schema: Readonly<Record<string, unknown>>;
  readonly pointer: string;
  /** Steps from the root, counting references. */
  readonly depth: number;
  /** The definitions it stands in. */
  readonly within: readonly string[];
}

/** What a caller may make a reading cost. */
export const schemaLimits = { nodes: 5_000, depth: 32 } as const;

const jsonHint = 'Use {}, which is json, for the inner part.';

interface Definition {
  group: string;
  key: string;
  schema: unknown;
}

/** Ends a reading that has nothing more to tell. */
export class ReadingEnded extends Error {}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Own members only: a schema that came as JSON may name any of Object.prototype. */
export function own(schema: Readonly<Record<string, unknown>>, keyword: string): unknown {
  return Object.hasOwn(schema, keyword) ? schema[keyword] : undefined;
}

/** One reading of one side: its root, what it may still cost, and what was wrong. */
export class SchemaReading {
  readonly issues: JsonSchemaIssue[] = [];
  readonly root: SchemaNode;
  #nodes = 0;

  constructor(schema: unknown, pointer: string) {
    this.root = { schema: isObject(schema) ? schema : {}, pointer, depth: 0, within: [] };
    if (!isObject(schema)) this.report('malformed_schema', pointer, 'A schema of a side must be an object.');
  }

  report(code: JsonSchemaIssue['code'], pointer: string, message: string, hint?: string): void {
    this.issues.push({ code, pointer, message, ...(hint !== undefined && { hint }) });
    if (this.issues.length >= signatureLimits.errors) throw new ReadingEnded();
  }

  stop(code: JsonSchemaIssue['code'], pointer: string, message: string, hint: string): never {
    this.report(code, pointer, message, hint);
    throw new ReadingEnded();
  }

  /** A schema below another one; undefined, and reported, when there is none. `true` is the schema that takes anything. */
  child(parent: SchemaNode, schema: unknown, ...steps: (string | number)[]): SchemaNode | undefined {
    const node = { ...parent, depth: parent.depth + 1, pointer: steps.reduce(below, parent.pointer) };
    this.#spend(node);
    if (schema === true) return { ...node, schema: {} };
    if (isObject(schema)) return { ...node, schema };
    if (schema === false) {
      this.report(
        'unsupported_type',
        node.pointer,
        'The schema false takes no value, and the language has no word for it.',
      );
    } else {
      this.report('malformed_schema', node.pointer, 'A schema must be an object or true.');
    }
    return undefined;
  }

  #spend({ pointer, depth }: SchemaNode): void {
    this.#nodes += 1;
    if (this.#nodes > schemaLimits.nodes) {
      const message = `The schema has more than ${schemaLimits.nodes} parts, counting each use of a definition.`;
      this.stop('schema_too_large', pointer, message, jsonHint);
    }
    if (depth > schemaLimits.depth) {
      const message = `The schema is nested deeper than ${schemaLimits.depth} levels.`;
      this.stop('schema_too_deep', pointer, message, jsonHint);
    }
  }

  /** The schema behind `$ref`, or the one of `allOf`, that stands alone but for annotations; the node itself without one. */
  resolve(node: SchemaNode): SchemaNode | undefined {
    const { schema } = node;
    if (Object.hasOwn(schema, '$ref')) return this.#follow(node);
    const { allOf } = schema;
    if (!Object.hasOwn(schema, 'allOf')) return node;
    if (!Array.isArray(allOf) || allOf.length !== 1) {
      const message = 'The language has no word for a value that fits several schemas at once.';
      this.report(
        'unsupported_keyword',
        below(node.pointer, 'allOf'),
        message,
        'Write the one schema they make together.',
      );
      return undefined;
    }
    this.allowOnly(node, new Set(['allOf']));
    const only = this.child(node, allOf[0], 'allOf', 0);
    return only && this.resolve(only);
  }

  #follow(node: SchemaNode): SchemaNode | undefined {
    const reference = String(node.schema['$ref']);
    const pointer = below(node.pointer, '$ref');
    this.allowOnly(node, new Set(['$ref']));
    const [, group = '', name = ''] = /^#\/(\$defs|definitions)\/([^/]+)$/.exec(reference) ?? [];
    const definitions = own(this.root.schema, group);
    const key = unescapePointer(name);
    if (key === undefined || !isObject(definitions) || !Object.hasOwn(definitions, key)) {
      const message = `The reference "${shorten(reference)}" leads to no definition of this schema.`;
      this.report(
        'unsupported_ref',
        pointer,
        message,
        'Only "#/$defs/<name>" is followed: copy what else is meant there.',
      );
      return undefined;
    }
    return this.#enter(node, { group, key, schema: definitions[key] });
  }

  #enter(node: SchemaNode, { group, key, schema }: Definition): SchemaNode | undefined {
    const definition = `${group}/${key}`;
    if (node.within.includes(definition)) {
      const message = `The definition "${shorten(key)}" contains itself, and a type of the language does not.`;
      this.report('recursive_schema', below(node.pointer, '$ref'), message, jsonHint);
      return undefined;
    }
    const from = { ...this.root, depth: node.depth, within: [...node.within, definition] };
    const found = this.child(from, schema, group, key);
    return found && this.resolve(found);
  }

  /** Reports every keyword that is neither among `allowed` nor an annotation. */
  allowOnly({ schema, pointer, depth }: SchemaNode, allowed: ReadonlySet<string>, hint?: string): void {
    for (const keyword of Object.keys(schema)) {
      if (allowed.has(keyword) || isAnnotation(keyword)) continue;
      if (depth === 0 && atRoot.has(keyword)) continue;
      const message = `The language has no word for "${shorten(keyword)}" here.`;
      this.report('unsupported_keyword', below(pointer, keyword), message, hint ?? keywordHints.get(keyword));
    }
  }
}

function unescapePointer(name: string): string | undefined {
  try {
    return decodeURIComponent(name).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return undefined;
  }
}

// What describes a value and limits nothing; `discriminator` is how OpenAPI, and so pydantic, describes a union.
const annotations: ReadonlySet<string> = new Set([
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  '$comment',
  'discriminator',
]);
/** Whether a keyword says something about a schema and limits nothing. */
export const isAnnotation = (keyword: string): boolean => annotations.has(keyword) || keyword.startsWith('x-');

const atRoot: ReadonlySet<string> = new Set(['$schema', '$id', '$defs', 'definitions']);

const keywordHints: ReadonlyMap<string, string> = new Map([
  ['exclusiveMinimum', 'Write minimum.'],
  ['exclusiveMaximum', 'Write maximum.'],
  ['multipleOf', 'Use the type integer for whole numbers, else leave it out.'],
  ['uniqueItems', 'Leave it out: a list may repeat its items.'],
  ['prefixItems', 'Write an object with a property for each place.'],
  ['patternProperties', 'Write additionalProperties for a dict, or properties for an object.'],
  ['nullable', 'Write anyOf with {"type": "null"}.'],
  ['pattern', 'Leave it out: the format says the form.'],
]);
