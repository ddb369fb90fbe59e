import type { ExecutionV1 } from '@dspy-nest/contracts';
import { toWireError } from '@dspy-nest/platform';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';

/** Where a result names its execution. */
const EXECUTION_META = 'dspy-nest/execution';

/** The outputs of an execution as the result of a tool, for programs and, as JSON, for models that read texts. */
export function toolResult({ id, outputs }: ExecutionV1): CallToolResult {
  const structuredContent = outputs ?? {};
  return {
    content: [{ type: 'text', text: JSON.stringify(structuredContent) }],
    structuredContent,
    _meta: { [EXECUTION_META]: id },
  };
}

/** An error as the result of a tool: the model reads what is wrong, and may mend its call. */
export function toolError(error: unknown, executionId?: string): CallToolResult {
  const { code, message, retryable, details } = toWireError(error);
  const { errors, retryAfterS } = details;
  const told = { code, message, retryable, errors, retryAfterS };
  return {
    content: [{ type: 'text', text: JSON.stringify(told) }],
    isError: true,
    ...(executionId !== undefined && { _meta: { [EXECUTION_META]: executionId } }),
  };
}
