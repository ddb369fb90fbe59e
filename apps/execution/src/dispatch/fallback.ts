import { nativeRefusals, type ExecutionCreateV1 } from '@dspy-nest/contracts';
import { answerKey } from '../answers/answer-key';
import type { ExecutionEntity } from '../executions/execution.entity';
import type { Candidate } from './candidate';

/** How executions run that do without a worker while none lives. */
export const FALLBACK = { adapter: 'native', format: 'json' } as const;

/** Whether an execution runs natively while no worker lives: its program says so, and nothing of it needs a worker. */
export function mayFallBack(
  request: Pick<ExecutionCreateV1, 'format'>,
  { program, adapter, ensemble }: Candidate,
): boolean {
  if (program.config.fallback === undefined || adapter.run !== undefined || ensemble !== null) return false;
  return nativeRefusals({ ...program, format: request.format ?? program.format }).length === 0;
}

/** An execution of the fleet as it runs without a worker; its answer is then kept as one of the adapter native. */
export function fallenBack(row: ExecutionEntity): ExecutionEntity {
  const native = { ...row, ...FALLBACK };
  return { ...native, cacheKey: row.cacheKey === null ? null : answerKey(native) };
}

/** Whether an execution runs, or ran, natively because no worker lived. */
export function hasFallenBack({ fallback, adapter }: Pick<ExecutionEntity, 'fallback' | 'adapter'>): boolean {
  return fallback && adapter === FALLBACK.adapter;
}
