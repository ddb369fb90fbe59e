import { ValidateIf } from 'class-validator';

/** A member that may be left out; unlike with `IsOptional`, null is no way of leaving it out and is held to the other rules. */
export function MayBeAbsent(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}
