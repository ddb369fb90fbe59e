import { nativeRefusals, type ExecutionCreateV1, type ProgramVersionV1 } from '@dspy-nest/contracts';
import { NATIVE_FORMAT, runnerOf } from '../adapters/adapters';
import { answerKey } from '../answers/answer-key';
import type { ExecutionEntity } from '../executions/execution.entity';

/** Whether an execution runs natively while no worker lives: its program says so, and nothing the call says needs a worker. */
export function mayFallBack(
  request: Pick<ExecutionCreateV1, 'adapter' | 'format'>,
  program: Pick<ProgramVersionV1, 'adapter' | 'format' | 'config' | 'signature' | 'module'>,
): boolean {
  const adapter = request.adapter ?? program.adapter;
  if (program.config.fallback === undefined || adapter === 'multi' || runnerOf({ adapter }) === 'native') return false;
  return nativeRefusals({ ...program, format: request.format ?? program.format }).length === 0;
}

/** An execution of the fleet as it runs without a worker; its answer is then kept as one of the adapter native. */
export function fallenBack(row: ExecutionEntity): ExecutionEntity {
  const native = { ...row, adapter: 'native', format: NATIVE_FORMAT } as const;
  return { ...native, cacheKey: row.cacheKey === null ? null : answerKey(native) };
}

/** Whether an execution runs, or ran, natively because no worker lived. */
export function hasFallenBack({ fallback, adapter }: Pick<ExecutionEntity, 'fallback' | 'adapter'>): boolean {
  return fallback && adapter === 'native';
}
