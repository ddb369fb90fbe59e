import { z } from 'zod';
import { ExecutionV1 } from './execution.v1';
import { OpenObject } from './primitives';
import { WireError } from './wire-error';

/** What can be told of an execution, in the order it happens; the last four end it. */
export const EXECUTION_EVENT_TYPES = [
  'queued',
  'started',
  'token',
  'partial',
  'restarted',
  'status',
  'outputs',
  'succeeded',
  'failed',
  'cancelled',
  'timed_out',
] as const;

/** One event of an execution as those see it who follow it. The same execution has the same events at every gateway. */
export const ExecutionEventV1 = z
  .strictObject({
    sequence: z.int().min(1).meta({ description: 'Goes up by one, across attempts.' }),
    type: z.enum(EXECUTION_EVENT_TYPES),
    attempt: z.int().min(1).optional().meta({ description: 'Of `started` and `restarted`.' }),
    field: z.string().optional().meta({ description: 'Of `token` and `partial`.' }),
    delta: z.string().optional().meta({ description: 'Of `token`: text that goes on the text of the field.' }),
    pointer: z.string().optional().meta({
      description: 'Of `partial`: where in the field the value is, as a JSON pointer; empty for all of the field.',
    }),
    value: z.unknown().optional().meta({ description: 'Of `partial`: a value that is complete.' }),
    message: z.string().optional().meta({ description: 'Of `status`.' }),
    outputs: OpenObject.optional().meta({ description: 'Of `outputs`.' }),
    error: WireError.optional().meta({ description: 'Of an end that is no success.' }),
    execution: ExecutionV1.optional().meta({ description: 'Of an end: the execution without its inputs.' }),
  })
  .meta({ id: 'ExecutionEventV1' });
export type ExecutionEventV1 = z.infer<typeof ExecutionEventV1>;
