// The door of every npm script: installs what is missing, nothing twice, and goes on under the locked Node. It runs on a
// fresh clone with any Node from 20.19, so it depends on nothing. Usage: node scripts/bootstrap.mjs <command> [flags]
import { constants } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildServices } from './bootstrap/build.mjs';
import { handOver } from './bootstrap/hand-over.mjs';
import { installNodePackages } from './bootstrap/node-packages.mjs';
import { checkFolder, checkPlatform } from './bootstrap/platform.mjs';
import { progress, say } from './bootstrap/progress.mjs';
import { installPythonEnvironment } from './bootstrap/python-environment.mjs';
import { endTools } from './bootstrap/run-tool.mjs';
import { SetupError } from './bootstrap/setup-error.mjs';
import { lockWhenFree } from './bootstrap/setup-lock.mjs';

const PACKAGES = ['Node packages', installNodePackages];
const PYTHON = ['Python environment', installPythonEnvironment];
const BUILD = ['Services', buildServices];
const COMMANDS = {
  start: { steps: [PACKAGES, PYTHON, BUILD], program: 'scripts/start/main.ts' },
  test: { steps: [PACKAGES, PYTHON, BUILD], program: 'scripts/run-tests.ts' },
  check: { steps: [PACKAGES, PYTHON], program: 'scripts/check.ts' },
  build: { steps: [PACKAGES, BUILD] },
  // A TypeScript program of this repository, named by the next argument.
  run: { steps: [PACKAGES, PYTHON, BUILD] },
};

async function main([name, ...given]) {
  const command = COMMANDS[name];
  if (command === undefined) {
    say(`There is no command ${name}; allowed are ${Object.keys(COMMANDS).join(', ')}.`);
    return 2;
  }
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const endEarly = ['SIGTERM', 'SIGINT', 'SIGHUP'].map((signal) => [signal, () => stopInstalling(signal)]);
  for (const [signal, listener] of endEarly) process.on(signal, listener);
  await install(root, command.steps);
  for (const [signal, listener] of endEarly) process.off(signal, listener);
  const [program, ...args] = command.program ? [command.program, ...given, ...forgottenFlags(given)] : given;
  return program === undefined ? 0 : handOver(root, program, args);
}

async function install(root, steps) {
  checkPlatform();
  const release = await lockWhenFree('setup', root, (pid) =>
    say(`Process ${pid} is installing in this folder: waiting for it.`),
  );
  checkFolder(root);
  const step = progress(steps.length);
  for (const [title, work] of steps) await step(title, () => work(root));
  release();
}

// `npm start --once` without `--` gives the flag to npm, which only leaves a variable.
function forgottenFlags(given) {
  return ['once', 'json', 'empty'].filter((flag) => process.env[`npm_config_${flag}`] === 'true').map((flag) => `--${flag}`)
    .filter((flag) => !given.includes(flag)); // prettier-ignore
}

function stopInstalling(signal) {
  endTools();
  say(`\nStopped by ${signal}; the next run goes on from here.`);
  process.exit(128 + constants.signals[signal]);
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error) => {
    say(`\n${error instanceof SetupError ? error.message : error.stack}`);
    process.exit(1);
  },
);
