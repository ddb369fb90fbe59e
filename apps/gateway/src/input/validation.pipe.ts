import { ValidationPipe, type ArgumentMetadata, type PipeTransform, type Type } from '@nestjs/common';
import type { ErrorItem } from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';
import { validateSync, type ValidationError } from 'class-validator';
import { MalformedRequestError } from '../http/http.errors';

const STRICT = { whitelist: true, forbidNonWhitelisted: true };
const ERRORS_MAX = 50;

/** Of the library, a body that is missing is one without members, which a change may be. */
class RequiredBodyPipe extends ValidationPipe {
  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (value == null && metadata.type === 'body' && this.toValidate(metadata)) throw bodyRequired();
    return super.transform(value, metadata);
  }
}

/** Holds every body to its DTO class: it is there, without unknown members; all errors at once, each with a JSON pointer. */
export function strictValidationPipe(): ValidationPipe {
  return new RequiredBodyPipe({ ...STRICT, transform: false, exceptionFactory: toValidationFailed });
}

function bodyRequired(): MalformedRequestError {
  return new MalformedRequestError('A JSON body is required, sent with "content-type: application/json".');
}

/** Which members of a body a {@link ShallowBodyPipe} looks into, and which it does not. */
interface ShallowBody {
  /** The object that belongs to the caller; the only member that is required. */
  open: string;
  /** The members with rules of their own. */
  members?: Record<string, Type<object>>;
}

/**
 * Checks the top level of a body, and the members that have a class of their own, and passes it on as it came. For bodies
 * whose deep part belongs to the caller: it is neither walked nor copied here. The parameter must not be typed by a class.
 */
export class ShallowBodyPipe implements PipeTransform {
  constructor(
    private readonly dto: Type<object>,
    private readonly body: ShallowBody,
  ) {}

  transform(body: unknown): unknown {
    if (body === undefined) throw bodyRequired();
    // Most bodies are this, and class-validator costs more than all else that the door does with one.
    if (hasOnlyObject(body as object, this.body.open)) return body;
    const checked = instanceOf(this.dto, body as object) as Record<string, unknown>;
    for (const [name, dto] of Object.entries(this.body.members ?? {})) {
      const member = checked[name];
      if (isPlainObject(member)) checked[name] = instanceOf(dto, member);
    }
    const errors = validateSync(checked, STRICT);
    if (errors.length > 0) throw toValidationFailed(errors);
    return body;
  }
}

function hasOnlyObject(body: object, name: string): boolean {
  const names = Object.keys(body);
  return names.length === 1 && names[0] === name && isPlainObject((body as Record<string, unknown>)[name]);
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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
