/** Injection token of whether callers are told the schema of GraphQL. */
export const INTROSPECTION = Symbol('introspection');
