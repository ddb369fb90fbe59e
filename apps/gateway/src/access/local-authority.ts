const IPV4_LOOPBACK = /^127(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}$/;
const AUTHORITY = /^(\[[0-9a-f:]+\]|[^:[\]/@]+)(?::\d{1,5})?$/i;

/** Whether a host name or address, without port, is this machine's loopback. */
export function isLoopbackHost(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return name === 'localhost' || name === '::1' || IPV4_LOOPBACK.test(name);
}

/** Whether a `Host` header names this machine, whatever the port. */
export function isLocalAuthority(authority: string): boolean {
  const host = AUTHORITY.exec(authority.trim())?.[1];
  return host !== undefined && isLoopbackHost(host);
}

/** Whether an `Origin` header names a page of this machine; `null` (sandboxed pages, files) does not. */
export function isLocalOrigin(origin: string): boolean {
  const match = /^https?:\/\/(.+)$/i.exec(origin.trim());
  return match !== null && isLocalAuthority(match[1]!);
}
