import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { connect, createServer } from 'node:net';

// A socket in the kernel's abstract namespace: it vanishes with its process however that ends, so it is never stale.
function socketName(kind, folder) {
  return `\0dspy-nest-${kind}-${createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 32)}`;
}

/**
 * Takes the lock `kind` of a folder: gives a function that gives it back, or, when another process has it, that process's id
 * and a promise that is met when it may be free.
 */
export function tryLock(kind, folder) {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write(`${process.pid}\n`);
    });
    server.once('error', (error) => {
      if (error.code === 'EADDRINUSE') void askHolder(kind, folder).then(resolve);
      else reject(error);
    });
    const open = new Set();
    server.on('connection', (socket) => open.add(socket));
    const release = () => {
      for (const socket of open) socket.destroy();
      server.close();
    };
    server.listen(socketName(kind, folder), () => {
      server.unref();
      resolve({ release });
    });
  });
}

function askHolder(kind, folder) {
  return new Promise((resolve) => {
    const socket = connect(socketName(kind, folder));
    const released = new Promise((ended) => socket.on('close', ended));
    socket.on('error', () => resolve({ holder: undefined, released }));
    socket.once('data', (data) => resolve({ holder: Number(data), released }));
  });
}

/** Takes the lock, waiting for the processes that have it; `onWait` is told their ids. */
export async function lockWhenFree(kind, folder, onWait) {
  for (;;) {
    const { release, holder, released } = await tryLock(kind, folder);
    if (release) return release;
    if (holder) onWait(holder);
    await released;
  }
}
