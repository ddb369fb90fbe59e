import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { node24 } from './build.mjs';

const PARENT_CHECK_MS = 500;

/**
 * Goes on with a TypeScript program under the locked Node and ends as it ends. Node 20 cannot replace itself, so signals are
 * passed on, and the program is told to end when npm, which may be killed alone, is gone.
 */
export function handOver(root, program, args) {
  const options = { cwd: root, stdio: 'inherit' };
  const child = spawn(
    node24(root),
    ['--import', join(root, 'scripts', 'register-typescript.mjs'), program, ...args],
    options,
  );
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    child.kill('SIGTERM');
  }, PARENT_CHECK_MS);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearInterval(timer);
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}
