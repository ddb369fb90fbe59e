import { spawn, spawnSync } from 'node:child_process';

const KEPT_OUTPUT = 64 * 1024;
let ending = false;
const running = new Set();
let prefix;

// An installer that outlives its killed starter would meet the next one in the same folder.
function deathPrefix() {
  prefix ??=
    spawnSync('setpriv', ['--pdeathsig', 'KILL', '--', 'true']).status === 0
      ? ['setpriv', '--pdeathsig', 'KILL', '--']
      : [];
  return prefix;
}

/** Runs a tool without showing its output: {status, output}, where output is the end of what it printed. */
export function runTool(command, { cwd, env = process.env }) {
  const [program, ...args] = [...deathPrefix(), ...command];
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    const keep = (chunk) => (output = (output + chunk).slice(-KEPT_OUTPUT));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => resolve({ status: 127, output: error.message }));
    child.on('close', (status, signal) => {
      running.delete(child);
      if (!ending) resolve({ status: status ?? signal, output });
    });
  });
}

/** The trimmed first output of a quick tool, or undefined when it failed. */
export function askTool(command, { cwd, env = process.env }) {
  const [program, ...args] = command;
  const { status, stdout } = spawnSync(program, args, { cwd, env, encoding: 'utf8', timeout: 30_000 });
  return status === 0 ? stdout.trim() : undefined;
}

/** Ends the running tools and never goes on with the next. */
export function endTools() {
  ending = true;
  for (const child of running) child.kill('SIGTERM');
}
