import { type DocumentNode, type GraphQLError, type GraphQLSchema, specifiedRules, validate } from 'graphql';
import { parseWithin, queryLimitsRule, type QueryLimits } from './query-limits';

const DOCUMENTS_MAX = 1_000;
/** Longer ones are rare, and a thousand of them would be much. */
const CACHED_MAX_CHARS = 20_000;

/** Documents as they were parsed, and found valid or not, before; those that were not asked for the longest are forgotten. */
export class DocumentCache {
  private readonly documents = new Map<string, DocumentNode>();
  private readonly errors = new WeakMap<GraphQLSchema, WeakMap<DocumentNode, readonly GraphQLError[]>>();
  private readonly rules;

  constructor(private readonly limits: QueryLimits) {
    this.rules = [...specifiedRules, queryLimitsRule(limits)];
  }

  /** The document of a text; throws GraphQLError. */
  parse(text: string): DocumentNode {
    const known = this.documents.get(text);
    const document = known ?? parseWithin(this.limits, text);
    if (text.length > CACHED_MAX_CHARS) return document;
    this.documents.delete(text);
    this.documents.set(text, document);
    if (this.documents.size > DOCUMENTS_MAX) this.documents.delete(this.documents.keys().next().value!);
    return document;
  }

  /** What is wrong with a document under a schema, the limits included. */
  validate(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[] {
    const known = this.errors.get(schema) ?? new WeakMap<DocumentNode, readonly GraphQLError[]>();
    this.errors.set(schema, known);
    const found = known.get(document) ?? validate(schema, document, this.rules);
    known.set(document, found);
    return found;
  }
}
