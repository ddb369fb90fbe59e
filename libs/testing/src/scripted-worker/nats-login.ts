import type { NodeConnectionOptions } from '@nats-io/transport-node';

/** Options of a connection that gives up soon; user and password come from the URL. */
export function natsLogin(url: string, name: string): NodeConnectionOptions {
  const { host, username, password } = new URL(url);
  const login = { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
  return { servers: host, name, maxReconnectAttempts: -1, reconnectTimeWait: 100, ...(username !== '' && login) };
}
