import { setTimeout as pause } from 'node:timers/promises';

const ATTEMPTS = 120;
const PAUSE_MS = 500;
const TIMEOUT_MS = 10_000;

/** What is asked of a gateway. */
export interface Asked {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks a gateway until it answers well, as it must be asked while servers are killed; rejects with its last answer after a minute. */
export async function askPatiently(url: string, { method, path, body, headers = {} }: Asked): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const text = await response.text();
      if (response.ok) return text;
      throw new Error(`${method} ${path} was answered ${response.status}: ${text.slice(0, 500)}`);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
    await pause(PAUSE_MS);
  }
}
