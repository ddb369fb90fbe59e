import type { IncomingHttpHeaders } from 'node:http';
import { ForbiddenError } from '../http/http.errors';
import { isLocalAuthority, isLocalOrigin } from './local-authority';

const REMEDY = 'While access control is off only this machine is served: use localhost, 127.0.0.1 or [::1].';

/**
 * Refuses foreign `Host` and `Origin` headers; throws ForbiddenError. Without it any web page could reach an open
 * gateway on the reader's machine, by a cross-origin request or by a name that resolves to 127.0.0.1.
 */
export function refuseForeignCaller({ host, origin }: Pick<IncomingHttpHeaders, 'host' | 'origin'>): void {
  if (host === undefined || !isLocalAuthority(host)) {
    throw new ForbiddenError(`The Host header "${(host ?? '').slice(0, 100)}" is not this machine. ${REMEDY}`);
  }
  if (origin !== undefined && !isLocalOrigin(origin)) {
    throw new ForbiddenError(`The Origin "${origin.slice(0, 100)}" is not this machine. ${REMEDY}`);
  }
}

/**
 * Refuses what a page of another site has a browser ask, which it says by itself; throws ForbiddenError. An image or a link sends no
 * `Origin` and needs nobody's leave.
 */
export function refuseCrossSite(headers: IncomingHttpHeaders): void {
  if (headers['sec-fetch-site'] !== 'cross-site') return;
  throw new ForbiddenError(
    'A page of another site asks for this (Sec-Fetch-Site: cross-site). Ask from a page of this one.',
  );
}
