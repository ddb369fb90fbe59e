import type { JsonSchema } from './json-schema';
import type { JsonSchemaIssue } from './json-schema-error';

/** What OpenAI takes in one strict schema; levels are objects and lists inside each other, the root among them. */
export const openAiStrictLimits = { properties: 5_000, levels: 10, enumValues: 1_000, characters: 120_000 } as const;

type Size = Record<keyof typeof openAiStrictLimits, number>;

const nouns = {
  properties: 'properties',
  levels: 'levels of objects and lists',
  enumValues: 'values of enums',
  characters: 'characters in names of properties and values of enums',
} as const satisfies Record<keyof Size, string>;

/** Which of OpenAI's limits a strict schema breaks. */
export function findOversize(schema: JsonSchema, pointer: string): JsonSchemaIssue[] {
  const size = measure(schema);
  const names = Object.keys(openAiStrictLimits) as (keyof Size)[];
  return names
    .filter((name) => size[name] > openAiStrictLimits[name])
    .map((name) => {
      const message = `It has ${size[name]} ${nouns[name]}, and a strict schema of OpenAI at most ${openAiStrictLimits[name]}.`;
      return {
        code: 'schema_too_large',
        pointer,
        message,
        hint: 'Ask for less in one signature, or in a flatter form.',
      };
    });
}

function measure(schema: JsonSchema): Size {
  const { properties = {}, items, anyOf = [], enum: values = [] } = schema as StrictSchema;
  const names = Object.keys(properties);
  const parts = [...Object.values(properties), ...anyOf, ...(items ? [items] : [])].map(measure);
  const own: Size = {
    properties: names.length,
    levels: schema['type'] === 'object' || schema['type'] === 'array' ? 1 : 0,
    enumValues: values.length,
    characters: [...names, ...values].reduce((sum: number, text) => sum + String(text).length, 0),
  };
  return parts.reduce(add, { ...own, levels: own.levels + Math.max(0, ...parts.map(({ levels }) => levels)) });
}

interface StrictSchema {
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  enum?: unknown[];
}

const add = (sum: Size, part: Size): Size => ({
  properties: sum.properties + part.properties,
  levels: sum.levels,
  enumValues: sum.enumValues + part.enumValues,
  characters: sum.characters + part.characters,
});
