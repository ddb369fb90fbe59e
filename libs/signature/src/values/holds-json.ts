import type { FieldType } from '../spec';

/** Whether values of a type may have any JSON in them. */
export function holdsJson(type: FieldType): boolean {
  if (typeof type === 'string') return type === 'json';
  switch (type.kind) {
    case 'list':
      return holdsJson(type.items);
    case 'dict':
      return holdsJson(type.values);
    case 'optional':
    case 'constrained':
      return holdsJson(type.of);
    case 'union':
      return type.members.some(holdsJson);
    case 'object':
      return type.fields.some((field) => holdsJson(field.type));
    case 'enum':
      return false;
  }
}
