import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { entityTag } from '@dspy-nest/contracts';
import type { FastifyRequest } from 'fastify';
import { MalformedRequestError } from './http.errors';

const TAG = String.raw`(W/)?"([\x21\x23-\x7e]*)"`;
const EACH_TAG = new RegExp(TAG, 'g');
const TAGS_MAX = 20;

/** What an `If-Match` header may be, as a pattern of JSON Schema. */
export const IF_MATCH_PATTERN = String.raw`^(\*|${TAG}( *, *${TAG}){0,${TAGS_MAX - 1}})$`;

const IF_MATCH = new RegExp(IF_MATCH_PATTERN);

/** The tags that the `If-Match` header of a request names; undefined when the request is to be done in any case. */
export const IfMatchTags = createParamDecorator((_: unknown, host: ExecutionContext): string[] | undefined =>
  parseIfMatch(host.switchToHttp().getRequest<FastifyRequest>().headers['if-match']),
);

/** The `ETag` of a resource in one version. */
export function etagOf(resource: { id: string; version: number }): string {
  return `"${entityTag(resource)}"`;
}

/** Whether an `If-None-Match` header names a tag, so that the caller has what it asks for already. Tags are compared weakly. */
export function isKnownToCaller(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.split(',').some((part) => part.trim().replace(/^W\//, '') === etag);
}

/** Reads an `If-Match` header; `*` is whatever there is, and a weak tag fits nothing. Throws MalformedRequestError. */
export function parseIfMatch(given: string | undefined): string[] | undefined {
  if (given === undefined || given.trim() === '*') return undefined;
  if (!IF_MATCH.test(given.trim())) {
    const message = `The header If-Match must be "*" or at most ${TAGS_MAX} tags as ETag gives them, in double quotes and separated by commas.`;
    throw new MalformedRequestError(message, [{ pointer: '', code: 'invalid_if_match', message }]);
  }
  // A comma may be part of a tag.
  return [...given.matchAll(EACH_TAG)].flatMap(([, weak, tag]) => (weak === undefined ? [tag!] : []));
}
