import type { Execution, SucceededExecution, Values } from './execution';

type Told<E> = Omit<E, 'inputs'>;

/** One thing that happens to an execution; `sequence` goes up by one, and a type of the last two forms ends it. */
export type ExecutionEvent<Out = Values> = { sequence: number } & (
  | { type: 'queued' }
  /** `restarted`: its worker was lost, and another one has begun; forget its tokens. */
  | { type: 'started' | 'restarted'; attempt: number }
  /** Text that goes on the text of a field. */
  | { type: 'token'; field: keyof Out & string; delta: string }
  /** A value within a field that is complete; `pointer` is the JSON pointer to it, empty for all of the field. */
  | { type: 'partial'; field: keyof Out & string; pointer: string; value: unknown }
  | { type: 'status'; message: string }
  | { type: 'outputs'; outputs: Out }
  | { type: 'succeeded'; execution: Told<SucceededExecution<Values, Out>> }
  | {
      type: 'failed' | 'cancelled' | 'timed_out';
      error?: NonNullable<Execution['error']>;
      execution: Told<Execution<Values, Out>>;
    }
);

/** Whether nothing comes after an event. */
export function isEnd({ type }: Pick<ExecutionEvent, 'type'>): boolean {
  return type === 'succeeded' || type === 'failed' || type === 'cancelled' || type === 'timed_out';
}
