import { printType, type Field, type FieldType } from '@dspy-nest/signature';
import { isGraphqlEnum } from './enum-names';

const PLAIN: readonly FieldType[] = ['string', 'int', 'float', 'bool', 'json'];

/** The documentation of a field: its own description, and its type in the signature language where GraphQL says less. */
export function fieldDoc({ description, type, constraints }: Field): string | undefined {
  const limited = constraints === undefined ? type : ({ kind: 'constrained', of: type, constraints } as const);
  const typed = isPlain(limited) ? undefined : `Type: \`${printType(limited)}\`.`;
  return [description, typed].filter((part) => part !== undefined).join(' ') || undefined;
}

/** Whether a type in GraphQL says all that it says in the signature language. */
function isPlain(type: FieldType): boolean {
  if (typeof type === 'string') return PLAIN.includes(type);
  switch (type.kind) {
    case 'list':
      return isPlain(type.items);
    case 'optional':
      return isPlain(type.of);
    case 'enum':
      return isGraphqlEnum(type.values);
    case 'object':
      // Its fields are documented each.
      return true;
    case 'dict':
    case 'union':
    case 'constrained':
      return false;
  }
}
