import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** The command as `npm run build` leaves it. */
const PROGRAM = join(__dirname, '..', '..', '..', 'dist', 'apps', 'cli', 'apps', 'cli', 'src', 'main.js');

// Runs a program on a terminal of its own.
const ON_TERMINAL = 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))';

/** How a command ended, and what it wrote. */
export interface CommandRun {
  readonly exitCode: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where a command runs, and what it is given beside its arguments. */
export interface Surroundings {
  readonly cwd?: string;
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly onTerminal?: boolean;
}

/** Runs `dspy-nest` as a process. */
export async function runCommand(args: readonly string[], surroundings: Surroundings = {}): Promise<CommandRun> {
  const { cwd, input = '', env = {}, onTerminal = false } = surroundings;
  const command = [...(onTerminal ? ['python3', '-c', ON_TERMINAL] : []), process.execPath, PROGRAM, ...args];
  const child = spawn(command[0] ?? '', command.slice(1), {
    cwd,
    // A build server's variables change what a command may colour.
    env: { ...process.env, CI: undefined, NO_COLOR: undefined, ...env },
  });
  child.stdin.end(input);
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { exitCode, stdout, stderr };
}
