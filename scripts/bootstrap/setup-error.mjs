/** A reason why the installation cannot go on, with what mends it; shown without a stack. */
export class SetupError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

const CAUSES = [
  {
    pattern: /ENOSPC|No space left on device/i,
    error: (step) =>
      new SetupError('disk_full', `${step}: the disk is full. Free about 2.5 GB and run the command again.`),
  },
  {
    pattern:
      /EAI_AGAIN|ENOTFOUND|ENETUNREACH|ECONNREFUSED|ETIMEDOUT|ENOTCACHED|name resolution|lookup address|Network is unreachable/i,
    error: (step, registry) => noNetwork(step, registry),
  },
  {
    pattern: /EACCES|EPERM|EROFS|Permission denied|Read-only file system/i,
    error: (step) =>
      new SetupError(
        'no_write_right',
        `${step}: a file may not be written. Does an earlier run as another user (root?) own node_modules/ or .venv/? ` +
          'Give the folder to the present user, or remove these two, and run the command again.',
      ),
  },
];

/** The package registry cannot be reached. */
export function noNetwork(step, registry) {
  return new SetupError(
    'no_network',
    `${step}: ${registry} cannot be reached and something must be downloaded. Connect to the network ` +
      '(behind a proxy set HTTPS_PROXY, or set your own mirror by `npm config set registry` and `pip config set global.index-url`) ' +
      'and run the command again.',
  );
}

/** The named reason behind a failed tool, found in what it printed; otherwise its last lines. */
export function toolError(step, registry, { status, output }) {
  const cause = CAUSES.find(({ pattern }) => pattern.test(output));
  if (cause) return cause.error(step, registry);
  const lines = output.trim().split('\n').slice(-25).join('\n');
  return new SetupError('setup_step_failed', `${step} failed (exit code ${status}):\n${lines}`);
}
