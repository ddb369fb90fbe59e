import { openApiSchema } from '../docs/open-api-schema';
import { IGNORED_PARAMETERS } from './chat-parameters';
import { ChatRequest } from './chat-request';

const IGNORED = { description: 'Has no effect.' };

/** The body of a request for a completion as OpenAPI describes it: what is not set may also be null, and nothing else is known. */
export function chatRequestSchema(): Record<string, unknown> {
  const schema = openApiSchema(ChatRequest, 'input') as { properties: Record<string, object>; required: string[] };
  const named = Object.entries(schema.properties).map(([name, property]) => [
    name,
    schema.required.includes(name) ? property : { anyOf: [property, { type: 'null' }] },
  ]);
  const ignored = [...IGNORED_PARAMETERS].map((name) => [name, IGNORED]);
  return { ...schema, properties: Object.fromEntries([...named, ...ignored]) as object, additionalProperties: false };
}
