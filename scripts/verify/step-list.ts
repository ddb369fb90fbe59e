import { resolve } from 'node:path';
import type { VerificationStep } from './verification-step';

const MINUTE_MS = 60_000;
const node = process.execPath;
// From the folder of the worker, whose rules hold for all other Python, too.
const PYTHON_FILES = ['--config', 'pyproject.toml', '.', '../apps/cli', '../examples', '../libs/client-python'];
const python = (program: string) => resolve('.venv', 'bin', program);

const UNIT_TESTS = jest('Unit tests', 'unit-groups', 8, '--maxWorkers=2');
// Those that end workers and servers spend most of their time waiting.
const WAITING_PYTHON_TESTS = 'tests/messaging';
const PYTHON_TESTS: readonly VerificationStep[] = [
  pythonTests('Python tests with workers and servers', WAITING_PYTHON_TESTS),
  pythonTests('Python tests', `--ignore=${WAITING_PYTHON_TESTS}`),
];
const CHECKS: readonly VerificationStep[] = [
  check('Types', [node, 'node_modules/ts7/bin/tsc', '--noEmit', '-p', 'tsconfig.json']),
  pythonCheck('Python types', 'mypy'),
  check('Format', [node, 'node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.']),
  check('Boundaries', ['npm', 'run', '--silent', 'boundaries']),
  check('Lint', ['npm', 'run', '--silent', 'lint']),
  check('Dead code', ['npm', 'run', '--silent', 'dead-code']),
  check('Contracts', ['npm', 'run', '--silent', 'contracts:check']),
  pythonCheck('Python format', 'ruff', 'format', '--check', ...PYTHON_FILES),
  pythonCheck('Python lint', 'ruff', 'check', ...PYTHON_FILES),
  pythonCheck('Python boundaries', 'lint-imports'),
];

// The longest first, so that two lanes end at about the same time.
/** What `npm run check` runs. */
export const CHECK_STEPS: readonly VerificationStep[] = [UNIT_TESTS, ...CHECKS];

/** What `npm test` runs first, in three lanes: what only computes fills the cores that waiting leaves. */
export const NARROW_STEPS: readonly VerificationStep[] = [
  ...PYTHON_TESTS,
  givingWay(UNIT_TESTS),
  ...CHECKS.map(givingWay),
];

/** What `npm test` runs after that, one after the other, three files at a time: they start real servers, and many wait. */
export const WIDE_STEPS: readonly VerificationStep[] = [
  jest('Integration tests', 'int-groups', 12, '--maxWorkers=3'),
  jest('End-to-end tests', 'e2e', 12, '--maxWorkers=3'),
];

/** The step at a lower priority: what ends workers and waits for others has time limits to meet. */
function givingWay(step: VerificationStep): VerificationStep {
  return { ...step, command: ['nice', '-n', '10', ...step.command] };
}

function check(title: string, command: readonly string[]): VerificationStep {
  return { title, command, timeoutMs: 6 * MINUTE_MS };
}

function pythonTests(title: string, ...options: string[]): VerificationStep {
  const command = [python('python'), '-m', 'pytest', '--junitxml', '{report}', ...options];
  return { title, command, cwd: 'python-worker', report: 'junit', timeoutMs: 10 * MINUTE_MS };
}

function pythonCheck(title: string, program: string, ...args: string[]): VerificationStep {
  return { ...check(title, [python(program), ...args]), cwd: 'python-worker', env: { PYTHONPATH: 'src' } };
}

function jest(title: string, project: string, minutes: number, ...options: string[]): VerificationStep {
  const program = [node, '--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--selectProjects', project];
  return {
    title,
    command: [...program, '--passWithNoTests', '--forceExit', '--json', '--outputFile', '{report}', ...options],
    report: 'jest',
    timeoutMs: minutes * MINUTE_MS,
  };
}
