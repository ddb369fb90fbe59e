import { HttpException } from '@nestjs/common';
import { AppError } from '@dspy-nest/platform';
import type { FastifyRequest } from 'fastify';
import { BODY_MAX_BYTES } from '../input/json-body';
import {
  MalformedRequestError,
  MethodNotAllowedError,
  PayloadTooLargeError,
  RouteNotFoundError,
  UnsupportedMediaTypeError,
} from './http.errors';
import type { RouteTable } from './route-table';

type Described = Pick<FastifyRequest, 'method' | 'url' | 'headers'>;

/** The error of ours behind one of Nest or Fastify; what is neither passes unchanged. */
export function toAppError(thrown: unknown, request: Described, routes: RouteTable): unknown {
  if (thrown instanceof AppError) return thrown;
  const status = statusOf(thrown);
  if (status === 404) return notServed(request, routes);
  if (status === 413) return new PayloadTooLargeError(BODY_MAX_BYTES);
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

function notServed({ method, url }: Described, routes: RouteTable): AppError {
  const path = url.split('?', 1)[0]!;
  const allowed = routes.allowed(path);
  return allowed.length === 0 ? new RouteNotFoundError(path) : new MethodNotAllowedError(method, path, allowed);
}
