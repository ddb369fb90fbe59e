import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { ChildStartError } from './errors';

const PORT_ATTEMPTS = 5;
// Below the ports that systems give to connections going out, any of which may take a port before it is bound.
const [LEAST, BELOW] = [10_000, 32_768];

/** A TCP port that was free on 127.0.0.1 a moment ago, and that no connection takes by itself. */
export async function findFreePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LEAST, BELOW);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    );
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/**
 * Starts a server on the wanted port, or on a free one. Between finding a free port and binding it another process can
 * take it, so a start that fails for this reason is made again with another port.
 */
export async function startOnPort<T>(wanted: number | undefined, start: (port: number) => Promise<T>): Promise<T> {
  if (wanted !== undefined) return start(wanted);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(await findFreePort());
    } catch (error) {
      if (attempt === PORT_ATTEMPTS || !isPortTaken(error)) throw error;
    }
  }
}

function isPortTaken(error: unknown): boolean {
  return error instanceof ChildStartError && error.lastLines.some((line) => /address already in use/i.test(line));
}
