import type { Field, FieldType } from '@dspy-nest/signature';

const TEXTS: ReadonlySet<string> = new Set(['string', 'date', 'datetime', 'url', 'email']);

/** Whether all values of a type are texts, or null where it is optional. */
export function isText(type: FieldType): boolean {
  if (typeof type === 'string') return TEXTS.has(type);
  if (type.kind === 'enum') return type.values.every((value) => typeof value === 'string');
  return (type.kind === 'optional' || type.kind === 'constrained') && isText(type.of);
}

/** The output that alone is the answer, where there is one: what a module adds does not count. */
export function textOutput(outputs: readonly Field[]): string | undefined {
  const [only] = outputs;
  return only !== undefined && outputs.length === 1 && isText(only.type) ? only.name : undefined;
}
