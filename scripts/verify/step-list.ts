import { resolve } from 'node:path';
import type { VerificationStep } from './verification-step';

const MINUTE_MS = 60_000;
const node = process.execPath;
const python = (program: string) => resolve('.venv', 'bin', program);

/** What `npm run check` runs; the longest first, so that two lanes end at about the same time. */
export const CHECK_STEPS: readonly VerificationStep[] = [
  jest('Unit tests', 'unit', 3),
  check('Types', [node, 'node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json']),
  pythonCheck('Python types', 'mypy'),
  check('Format', [node, 'node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.']),
  check('Boundaries', ['npm', 'run', '--silent', 'boundaries']),
  check('Lint', ['npm', 'run', '--silent', 'lint']),
  check('Contracts', ['npm', 'run', '--silent', 'contracts:check']),
  pythonCheck('Python format', 'ruff', 'format', '--check', '.'),
  pythonCheck('Python lint', 'ruff', 'check', '.'),
  pythonCheck('Python boundaries', 'lint-imports'),
];

/** What `npm test` runs after the checks, one after the other: they start real servers and measure time. */
export const TEST_STEPS: readonly VerificationStep[] = [
  jest('Integration tests', 'int', 8),
  jest('End-to-end tests', 'e2e', 8),
  {
    title: 'Python tests',
    command: [python('python'), '-m', 'pytest', '--junitxml', '{report}'],
    cwd: 'python-worker',
    report: 'junit',
    timeoutMs: 8 * MINUTE_MS,
  },
];

function check(title: string, command: readonly string[]): VerificationStep {
  return { title, command, timeoutMs: 3 * MINUTE_MS };
}

function pythonCheck(title: string, program: string, ...args: string[]): VerificationStep {
  return { ...check(title, [python(program), ...args]), cwd: 'python-worker', env: { PYTHONPATH: 'src' } };
}

function jest(title: string, project: string, minutes: number): VerificationStep {
  const program = [node, '--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--selectProjects', project];
  return {
    title,
    command: [...program, '--passWithNoTests', '--forceExit', '--json', '--outputFile', '{report}'],
    report: 'jest',
    timeoutMs: minutes * MINUTE_MS,
  };
}
