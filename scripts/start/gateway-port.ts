import { createServer } from 'node:net';

/** The gateway cannot listen where it was told to. */
export class PortUnusableError extends Error {
  readonly code = 'port_unusable';
}

/** Checks early, before anything is started, that the gateway's port is free; throws PortUnusableError. */
export function checkPortIsFree(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => reject(unusable(host, port, error.code ?? error.message)));
    server.listen(port, host, () => server.close(() => resolve()));
  });
}

function unusable(host: string, port: number, code: string): PortUnusableError {
  const another = `Choose another: PORT=${port < 65_000 ? Math.max(port, 1024) + 1 : 4001} npm start`;
  if (code === 'EADDRINUSE')
    return new PortUnusableError(`Port ${port} on ${host} is taken by another program. ${another}`);
  if (code === 'EACCES') return new PortUnusableError(`Port ${port} may not be used by the present user. ${another}`);
  return new PortUnusableError(
    `HOST=${host} PORT=${port} cannot be used (${code}): HOST must be an address of this machine.`,
  );
}
