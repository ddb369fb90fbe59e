import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { serverEnvironment, type EmbeddedServer, type ServerOptions } from './embedded-server';
import { startOnPort } from './free-port';
import { readOrCreateSecret, writePrivateFile } from './secret-file';
import { SupervisedChild } from './supervised-child';
import { exchange } from './text-protocol';

const USER = 'dspy-nest';
const MIB = 1024 * 1024;

/** Limits of JetStream for the whole server; streams reserve their own limits from these. */
export interface NatsOptions extends ServerOptions {
  /** 256 MiB by default. */
  readonly maxMemoryBytes?: number;
  /** 4 GiB by default. */
  readonly maxFileBytes?: number;
}

/** Starts nats-server with JetStream and one user; ready when JetStream answers. Throws ChildStartError. */
export function startNats(options: NatsOptions): Promise<EmbeddedServer> {
  const folder = join(options.home, 'nats');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const password = readOrCreateSecret(join(folder, 'password'), 24, 'base64url');
  return startOnPort(options.port, async (port) => {
    const configFile = join(folder, 'nats.conf');
    writePrivateFile(configFile, natsConfig(options, { port, password, storeDir: join(folder, 'jetstream') }));
    const child = new SupervisedChild({
      name: 'nats',
      command: [options.executables.natsServer, '--config', configFile],
      // One core is far more than the suite needs of it; with more, much of its time goes into waking its own threads.
      env: { ...serverEnvironment(), GOMAXPROCS: '1' },
      cwd: folder,
      home: options.home,
      isReady: () => isJetStreamReady(port, password),
      deathSignal: 'SIGTERM',
      ...(options.onCrash && { onCrash: options.onCrash }),
    });
    await child.start();
    return { url: `nats://${USER}:${password}@127.0.0.1:${port}`, port, child };
  });
}

function natsConfig(options: NatsOptions, given: { port: number; password: string; storeDir: string }): string {
  const { maxMemoryBytes = 256 * MIB, maxFileBytes = 4096 * MIB } = options;
  return `listen: "127.0.0.1:${given.port}"
server_name: "dspy-nest"
jetstream {
  store_dir: ${JSON.stringify(given.storeDir)}
  max_memory_store: ${maxMemoryBytes}
  max_file_store: ${maxFileBytes}
}
authorization { users: [{ user: "${USER}", password: "${given.password}" }] }
`;
}

async function isJetStreamReady(port: number, password: string): Promise<boolean> {
  const login = JSON.stringify({ verbose: false, pedantic: false, user: USER, pass: password });
  const question = `CONNECT ${login}\r\nSUB ready 1\r\nPUB $JS.API.INFO ready 0\r\n\r\nPING\r\n`;
  const answer = await exchange(connect(port, '127.0.0.1'), question, /io\.nats\.jetstream[^\n]*\n|-ERR/);
  return answer.includes('io.nats.jetstream.api.v1.account_info_response') && !answer.includes('"error"');
}
