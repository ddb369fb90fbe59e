import type { Field, FieldType } from '@dspy-nest/signature';

/** An output that can be told while it comes in: as text, or part by part as the items of a list or the members of an object. */
export interface StreamedField {
  readonly name: string;
  readonly kind: 'text' | 'items' | 'members';
}

/** What can be told of the outputs, by their names. */
export function streamedFields(outputs: readonly Field[]): ReadonlyMap<string, StreamedField> {
  const fields = outputs.flatMap(({ name, type }) => {
    const kind = kindOf(type);
    return kind === undefined ? [] : [[name, { name, kind }] as const];
  });
  return new Map(fields);
}

function kindOf(type: FieldType): StreamedField['kind'] | undefined {
  if (type === 'string') return 'text';
  if (type === 'reasoning') return 'items';
  if (typeof type === 'string') return undefined;
  switch (type.kind) {
    case 'list':
      return 'items';
    case 'dict':
    case 'object':
      return 'members';
    case 'optional':
    case 'constrained':
      return kindOf(type.of);
    case 'enum':
    case 'union':
      return undefined;
  }
}
