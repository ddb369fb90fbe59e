import type { EnumValue, FieldType, PrimitiveType } from '../spec';

type Kind = 'text' | 'number' | 'bool' | 'list' | 'object';

const kinds: Record<Exclude<PrimitiveType, 'json'>, Kind> = {
  string: 'text',
  int: 'number',
  float: 'number',
  bool: 'bool',
  probability: 'number',
  reasoning: 'list',
  date: 'text',
  datetime: 'text',
  url: 'text',
  email: 'text',
  image: 'text',
};
const kindOfValue = { string: 'text', number: 'number', boolean: 'bool' } as const;

/** Whether no value fits two of the types, so that "exactly one of" says no more than "any of". */
export function areDisjoint(types: readonly FieldType[]): boolean {
  return types.every((type, index) => types.slice(index + 1).every((other) => excludes(type, other)));
}

function excludes(one: FieldType, other: FieldType): boolean {
  const [ones, others] = [valuesOf(one), valuesOf(other)];
  if (ones !== undefined && others !== undefined) return !ones.some((value) => others.includes(value));
  const [oneKinds, otherKinds] = [kindsOf(one), kindsOf(other)];
  if (!oneKinds.some((kind) => otherKinds.includes(kind))) return true;
  return haveExcludingMembers(one, other);
}

function valuesOf(type: FieldType): readonly EnumValue[] | undefined {
  return typeof type === 'object' && type.kind === 'enum' ? type.values : undefined;
}

function kindsOf(type: FieldType): readonly Kind[] {
  if (type === 'json') return ['text', 'number', 'bool', 'list', 'object'];
  if (typeof type === 'string') return [kinds[type]];
  switch (type.kind) {
    case 'list':
      return ['list'];
    case 'dict':
    case 'object':
      return ['object'];
    case 'enum':
      return type.values.map((value) => kindOfValue[typeof value as keyof typeof kindOfValue]);
    case 'union':
      return type.members.flatMap(kindsOf);
    case 'optional':
    case 'constrained':
      return kindsOf(type.of);
  }
}

// A member that both need, such as the tag of a tagged union, tells two objects apart.
function haveExcludingMembers(one: FieldType, other: FieldType): boolean {
  if (typeof one === 'string' || typeof other === 'string' || one.kind !== 'object' || other.kind !== 'object') {
    return false;
  }
  const needed = one.fields.filter((field) => !field.optional);
  return needed.some((field) => {
    const twin = other.fields.find(({ name }) => name === field.name);
    return twin !== undefined && !twin.optional && excludes(field.type, twin.type);
  });
}
