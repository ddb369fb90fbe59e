import { HttpException } from '@nestjs/common';
import { BODY_MAX_BYTES } from '@dspy-nest/contracts';
import { AppError } from '@dspy-nest/platform';
import type { FastifyRequest } from 'fastify';
import {
  ForbiddenError,
  MalformedRequestError,
  MethodNotAllowedError,
  PayloadTooLargeError,
  RouteNotFoundError,
  UnsupportedMediaTypeError,
} from './http.errors';
import type { RouteTable } from './route-table';

type Described = Pick<FastifyRequest, 'method' | 'url' | 'headers'> & {
  readonly routeOptions?: { readonly bodyLimit: number };
};

/** The error of ours behind one of Nest or Fastify; what is neither passes unchanged. */
export function toAppError(thrown: unknown, request: Described, routes: RouteTable): unknown {
  if (thrown instanceof ForbiddenError) return thrown;
  // A method without a route may fail before it is known that it has none.
  if (isWrongMethod(request, routes)) return notServed(request, routes);
  if (thrown instanceof AppError) return thrown;
  const status = statusOf(thrown);
  if (status === 404) return notServed(request, routes);
  if (status === 413) return tooLarge(request.routeOptions?.bodyLimit ?? BODY_MAX_BYTES);
  if (status === 415) return new UnsupportedMediaTypeError(request.headers['content-type']);
  if (status >= 400 && status < 500) {
    return new MalformedRequestError('The request is not well-formed: its URL, headers or body cannot be read.');
  }
  return thrown;
}

function statusOf(thrown: unknown): number {
  if (thrown instanceof HttpException) return thrown.getStatus();
  const status = (thrown as { statusCode?: unknown } | null)?.statusCode;
  return thrown instanceof Error && typeof status === 'number' ? status : 500;
}

function tooLarge(maxBytes: number): AppError {
  const message = `The body is larger than ${maxBytes} bytes, the most this route takes. Send less in one request.`;
  return new PayloadTooLargeError(message);
}

function isWrongMethod({ method, url }: Described, routes: RouteTable): boolean {
  const allowed = routes.allowed(pathOf(url));
  return allowed.length > 0 && !allowed.includes(method);
}

function pathOf(url: string): string {
  return url.split('?', 1)[0]!;
}

function notServed({ method, url }: Described, routes: RouteTable): AppError {
  const path = pathOf(url);
  const allowed = routes.allowed(path);
  return allowed.length === 0 ? new RouteNotFoundError(path) : new MethodNotAllowedError(method, path, allowed);
}
