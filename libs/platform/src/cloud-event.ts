import type { CloudEvent } from '@dspy-nest/contracts';
import { uuidv7 } from './ids';

/** A CloudEvent of now for the tenant and trace of the context; `id` is made unless given. */
export function cloudEvent<T>(
  ctx: { readonly tenant: string; readonly traceparent?: string },
  init: { id?: string; source: string; type: string; subject?: string; data: T },
): CloudEvent<T> {
  return {
    specversion: '1.0',
    id: init.id ?? uuidv7(),
    source: init.source,
    type: init.type,
    ...(init.subject !== undefined && { subject: init.subject }),
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    tenant: ctx.tenant,
    ...(ctx.traceparent !== undefined && { traceparent: ctx.traceparent }),
    data: init.data,
  };
}
