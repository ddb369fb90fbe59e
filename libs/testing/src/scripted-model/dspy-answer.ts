import { promptOf } from './completion';
import type { ModelRequest } from './model-reply';

/**
 * Answers as a good model would to one of DSPy's prompts: `outputs` in the form that the prompt asks for (chat markers,
 * XML elements or JSON), values that are no text as JSON.
 */
export function dspyAnswer(outputs: Readonly<Record<string, unknown>>): (request: ModelRequest) => string {
  return (request) => {
    const fields = Object.entries(outputs).map(([name, value]) => [name, written(value)] as const);
    const prompt = promptOf(request);
    if (request.body?.response_format !== undefined) return JSON.stringify(outputs);
    if (prompt.includes('[[ ## ')) {
      return [...fields, ['completed', ''] as const].map(([name, text]) => `[[ ## ${name} ## ]]\n${text}`).join('\n\n');
    }
    const first = fields[0]?.[0];
    if (prompt.includes(`<${first}>`))
      return fields.map(([name, text]) => `<${name}>\n${text}\n</${name}>`).join('\n\n');
    return JSON.stringify(outputs);
  };
}

const written = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
