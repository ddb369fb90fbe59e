import type { JsonSchema } from '@dspy-nest/signature';

/** The schema of readers who ignore members that they do not know. */
export function ignoringExtras(schema: JsonSchema): JsonSchema {
  const open = JSON.stringify(schema).replaceAll('"additionalProperties":false', '"additionalProperties":true');
  return JSON.parse(open) as JsonSchema;
}
