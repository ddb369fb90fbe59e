import { nativeRefusals, type ErrorItem, type NativeCandidate, type ProgramVersionV1 } from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';

type Candidate = NativeCandidate & Pick<ProgramVersionV1, 'adapter' | 'config'>;

/**
 * Throws ValidationFailedError with everything for which a program needs a Python worker, where it asks for the adapter native,
 * or for that as what takes its executions while no worker lives.
 */
export function checkNative(program: Candidate): void {
  const refusals = refusalsOf(program);
  if (refusals.length === 0) return;
  throw new ValidationFailedError(refusals.map(({ message }) => message).join(' '), refusals);
}

function refusalsOf(program: Candidate): ErrorItem[] {
  if (program.adapter === 'native') return nativeRefusals(program);
  if (program.config.fallback !== 'native') return [];
  const refusals = nativeRefusals(program, 'Change it, or leave "config.fallback" out.');
  return program.adapter === 'multi' ? [...refusals, NO_FALLBACK_OF_MULTI] : refusals;
}

const NO_FALLBACK_OF_MULTI: ErrorItem = {
  pointer: '/config/fallback',
  code: 'not_native',
  message: 'The adapter "native" asks one model, and "multi" asks several.',
  hint: 'Use another adapter, or leave "config.fallback" out.',
};
