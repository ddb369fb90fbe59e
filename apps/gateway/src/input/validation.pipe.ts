import { ValidationPipe, type PipeTransform, type Type } from '@nestjs/common';
import type { ErrorItem } from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';
import { validateSync, type ValidationError } from 'class-validator';
import { MalformedRequestError } from '../http/http.errors';

const STRICT = { whitelist: true, forbidNonWhitelisted: true };
const ERRORS_MAX = 50;

/** Holds every body to its DTO class: no unknown members, all errors at once, each with a JSON pointer. */
export function strictValidationPipe(): ValidationPipe {
  return new ValidationPipe({ ...STRICT, transform: false, exceptionFactory: toValidationFailed });
}

/**
 * Checks the top level of a body, and the members that have a class of their own, and passes it on as it came. For bodies
 * whose deep part belongs to the caller: it is neither walked nor copied here. The parameter must not be typed by a class.
 */
export class ShallowBodyPipe implements PipeTransform {
  constructor(
    private readonly dto: Type<object>,
    private readonly members: Record<string, Type<object>> = {},
  ) {}

  transform(body: unknown): unknown {
    if (body === undefined)
      throw new MalformedRequestError('A JSON body is required, sent with "content-type: application/json".');
    const checked = instanceOf(this.dto, body as object) as Record<string, unknown>;
    for (const [name, dto] of Object.entries(this.members)) {
      const member = checked[name];
      if (typeof member === 'object' && member !== null && !Array.isArray(member))
        checked[name] = instanceOf(dto, member);
    }
    const errors = validateSync(checked, STRICT);
    if (errors.length > 0) throw toValidationFailed(errors);
    return body;
  }
}

/** A shallow copy that class-validator knows the rules of. */
function instanceOf(dto: Type<object>, members: object): object {
  return Object.assign(Object.create(dto.prototype as object) as object, members);
}

/** Flattens the tree of class-validator's errors. */
export function toValidationFailed(errors: ValidationError[]): ValidationFailedError {
  const items = errors.flatMap((error) => itemsOf(error, '')).slice(0, ERRORS_MAX);
  const shown = items.map(({ pointer, message }) => `${pointer}: ${message}`).join('; ');
  return new ValidationFailedError(`The body is not valid. ${shown}.`, items);
}

function itemsOf({ property, constraints = {}, children = [] }: ValidationError, parent: string): ErrorItem[] {
  const pointer = `${parent}/${property.replace(/~/g, '~0').replace(/\//g, '~1').slice(0, 200)}`;
  const own = Object.entries(constraints).map(([name, message]) => toItem(pointer, name, message));
  return [...own, ...children.flatMap((child) => itemsOf(child, pointer))];
}

function toItem(pointer: string, name: string, message: string): ErrorItem {
  if (name === 'whitelistValidation')
    return { pointer, code: 'unknown_member', message: 'is not known here; remove it' };
  return { pointer, code: name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), message };
}
