import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Surroundings } from './running-execution';

/** A replica in a process of its own. */
export interface ReplicaProcess {
  /** Ends it as a lost machine would: without a word. */
  kill(): Promise<void>;
}

/** Starts a replica in a process of its own; resolves when it takes requests. */
export async function startReplicaProcess({ servers, database }: Surroundings): Promise<ReplicaProcess> {
  const child = spawn(process.execPath, [require.resolve('./replica-main.cjs')], {
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: database.url,
      NATS_URL: servers.natsUrl,
      REDIS_URL: servers.redisUrl,
      LOG_LEVEL: 'info',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (text: Buffer) => (said += text.toString()));
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString();
      if (said.includes('The execution service is ready.')) resolve();
    });
    child.on('exit', () => reject(new Error(`The replica ended:\n${said}`)));
  });
  return {
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
