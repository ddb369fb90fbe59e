import { connect, type NatsConnection } from '@nats-io/transport-node';

const RECONNECT_WAIT_MS = 100;

/** A connection of the observer, which comes back after any outage; user and password come from the URL. */
export function observeNats(url: string): Promise<NatsConnection> {
  const { host, username, password } = new URL(url);
  const login = { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
  return connect({ servers: host, maxReconnectAttempts: -1, reconnectTimeWait: RECONNECT_WAIT_MS, ...login });
}
