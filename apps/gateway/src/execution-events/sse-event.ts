import type { ExecutionEventV1 } from '@dspy-nest/contracts';
import type { SseEvent } from '../streams/sse-body';

/** An event of an execution in the form of Server-Sent Events. */
export const toSseEvent = (event: ExecutionEventV1): SseEvent => ({
  id: event.sequence,
  event: event.type,
  data: event,
});
