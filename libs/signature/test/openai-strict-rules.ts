// OpenAI's published rules for strict schemas, read once more and independently of what writes such schemas:
// https://platform.openai.com/docs/guides/structured-outputs#supported-schemas

type Schema = Readonly<Record<string, unknown>>;

const keywordsOf: Record<string, readonly string[]> = {
  string: ['pattern', 'format', 'enum'],
  number: ['multipleOf', 'maximum', 'exclusiveMaximum', 'minimum', 'exclusiveMinimum', 'enum'],
  integer: ['multipleOf', 'maximum', 'exclusiveMaximum', 'minimum', 'exclusiveMinimum', 'enum'],
  boolean: ['enum'],
  null: [],
  array: ['items', 'minItems', 'maxItems'],
  object: ['properties', 'required', 'additionalProperties'],
};
const formats = ['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uuid'];

/** The rules that a schema breaks, each with its place; none for a schema that OpenAI takes. */
export function brokenStrictRules(root: Schema): string[] {
  const broken: string[] = [];
  const total = { properties: 0, characters: 0, enumValues: 0 };
  if (root['type'] !== 'object') broken.push('The root must be an object and not anyOf.');
  visit(root, '', 0);
  if (total.properties > 5_000) broken.push('There may be 5,000 properties in total.');
  if (total.characters > 120_000) broken.push('There may be 120,000 characters of names and values.');
  if (total.enumValues > 1_000) broken.push('There may be 1,000 values of enums in total.');
  return broken;

  function check(place: string, holds: boolean, rule: string): void {
    if (!holds) broken.push(`${place}: ${rule}`);
  }

  function visit(schema: Schema, place: string, above: number): void {
    const types = [schema['type'] ?? []].flat() as string[];
    const level = types.includes('object') || types.includes('array') ? above + 1 : above;
    const allowed = schema['anyOf'] ? ['anyOf'] : ['type', ...types.flatMap((type) => keywordsOf[type] ?? [])];
    for (const keyword of Object.keys(schema)) {
      check(place, [...allowed, 'description'].includes(keyword), `${keyword} is not supported here.`);
    }
    check(place, 'anyOf' in schema || types.length > 0, 'A schema must have a type.');
    check(place, level <= 10, 'There may be 10 levels of nesting.');
    if ('format' in schema) check(place, formats.includes(String(schema['format'])), 'The format is not supported.');
    if ('enum' in schema) visitEnum(schema['enum'] as unknown[], place);
    if (types.includes('object')) visitObject(schema, place, level);
    if (types.includes('array')) visit(schema['items'] as Schema, `${place}/items`, level);
    for (const [index, member] of ((schema['anyOf'] ?? []) as Schema[]).entries()) {
      visit(member, `${place}/anyOf/${index}`, level);
    }
  }

  function visitEnum(values: readonly unknown[], place: string): void {
    const characters = values.reduce((sum: number, value) => sum + String(value).length, 0);
    total.enumValues += values.length;
    total.characters += characters;
    check(place, values.length <= 250 || characters <= 15_000, 'A long enum may have 15,000 characters.');
  }

  function visitObject(schema: Schema, place: string, level: number): void {
    const properties = schema['properties'] as Record<string, Schema>;
    const names = Object.keys(properties);
    total.properties += names.length;
    total.characters += names.join('').length;
    check(place, schema['additionalProperties'] === false, 'additionalProperties must be false.');
    check(place, JSON.stringify(schema['required']) === JSON.stringify(names), 'Every property must be required.');
    for (const [name, property] of Object.entries(properties)) {
      visit(property, `${place}/properties/${name}`, level);
    }
  }
}
