import type { ErrorItem } from '@dspy-nest/contracts';
import { AppError, type AppErrorOptions } from '@dspy-nest/platform';
import { packedTypeRefusal } from '../input/packed-body';

/** An error of the door itself; may set headers on the answer, and name the trace of what went wrong under another request. */
export abstract class HttpError extends AppError {
  readonly headers: Readonly<Record<string, string>> = {};
  readonly traceId: string | undefined = undefined;
}

/** The request is not well-formed; `places` say where. */
export class MalformedRequestError extends HttpError {
  readonly code = 'malformed_request';

  constructor(message: string, places: ErrorItem[] = [], options: AppErrorOptions = {}) {
    super(message, { ...options, details: { errors: places } });
  }
}

/** The body is larger than the door lets in. */
export class PayloadTooLargeError extends HttpError {
  readonly code = 'payload_too_large';
}

/** The body comes in a form this route does not read. */
export class UnsupportedMediaTypeError extends HttpError {
  readonly code = 'unsupported_media_type';

  constructor(given: string | undefined, instead = 'JSON with "content-type: application/json"') {
    const what =
      given === undefined
        ? 'The body has no content type'
        : `The content type "${given.slice(0, 100)}" is not read here`;
    super(packedTypeRefusal(given) ?? `${what}. Send ${instead}.`);
  }
}

/** The body is compressed, and none is unpacked here. */
export class EncodedBodyError extends HttpError {
  readonly code = 'unsupported_media_type';
  override readonly headers = { 'accept-encoding': 'identity' };

  constructor(given: string) {
    super(`The content encoding "${given.slice(0, 100)}" is not read here. Send the body as it is, not compressed.`);
  }
}

/** The caller takes no form in which this route answers. */
export class NotAcceptableError extends HttpError {
  readonly code = 'not_acceptable';

  constructor(accept: string, answers: readonly string[]) {
    super(`Nothing is served here as "${accept.slice(0, 200)}". Send "accept: ${answers.join(', ')}".`);
  }
}

/** The body says to be JSON and is a pickle or an archive. */
export class PackedBodyError extends HttpError {
  readonly code = 'unsupported_media_type';
}

/** Nothing is served at this path. */
export class RouteNotFoundError extends HttpError {
  readonly code = 'not_found';

  constructor(path: string) {
    super(`Nothing is served at "${path.slice(0, 200)}". See /docs for the routes.`);
  }
}

/** The path is served, but not by this method. */
export class MethodNotAllowedError extends HttpError {
  readonly code = 'method_not_allowed';
  override readonly headers: Readonly<Record<string, string>>;

  constructor(method: string, path: string, allowed: string[]) {
    super(
      `${method} is not served at "${path.slice(0, 200)}"; ${allowed.join(', ')} ${allowed.length > 1 ? 'are' : 'is'}.`,
    );
    this.headers = { allow: allowed.join(', ') };
  }
}

/** The door refuses the caller. */
export class ForbiddenError extends HttpError {
  readonly code = 'forbidden';
}

/** An option is known, but not served by this version. */
export class UnsupportedOptionError extends HttpError {
  readonly code = 'unsupported_option';

  constructor(pointer: string, message: string) {
    super(message, { details: { errors: [{ pointer, code: 'unsupported_option', message }] } });
  }
}
