import { nativeRefusals, type NativeCandidate } from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';

/** Throws ValidationFailedError with everything for which a program needs a Python worker. */
export function checkNative(program: NativeCandidate): void {
  const refusals = nativeRefusals(program);
  if (refusals.length === 0) return;
  throw new ValidationFailedError(refusals.map(({ message }) => message).join(' '), refusals);
}
