import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { serverEnvironment, type EmbeddedServer, type ServerOptions } from './embedded-server';
import { startOnPort } from './free-port';
import { readOrCreateSecret, writePrivateFile } from './secret-file';
import { SupervisedChild } from './supervised-child';
import { exchange } from './text-protocol';

/** Starts valkey-server with a password and an append-only file; ready when it answers PING. Throws ChildStartError. */
export function startValkey(options: ServerOptions): Promise<EmbeddedServer> {
  const folder = join(options.home, 'valkey');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const password = readOrCreateSecret(join(folder, 'password'), 24, 'base64url');
  return startOnPort(options.port, async (port) => {
    const configFile = join(folder, 'valkey.conf');
    writePrivateFile(configFile, valkeyConfig(port, password, folder));
    const child = new SupervisedChild({
      name: 'valkey',
      command: [options.executables.valkeyServer, configFile],
      env: serverEnvironment(),
      cwd: folder,
      home: options.home,
      isReady: () => answersPing(port, password),
      deathSignal: 'SIGTERM',
      ...(options.onCrash && { onCrash: options.onCrash }),
    });
    await child.start();
    return { url: `redis://:${password}@127.0.0.1:${port}`, port, child };
  });
}

// noeviction: a queue must refuse new work when memory is full, not lose the old.
function valkeyConfig(port: number, password: string, folder: string): string {
  return `bind 127.0.0.1
port ${port}
requirepass ${password}
dir ${JSON.stringify(folder)}
appendonly yes
appendfsync everysec
save ""
maxmemory 512mb
maxmemory-policy noeviction
`;
}

async function answersPing(port: number, password: string): Promise<boolean> {
  const answer = await exchange(connect(port, '127.0.0.1'), `AUTH ${password}\r\nPING\r\n`, /\+PONG|-\w+/);
  return answer.includes('+PONG');
}
