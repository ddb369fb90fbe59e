/** A program that the local stack needs is not installed; the message names the program and the command that installs it. */
export class ExecutableMissingError extends Error {
  readonly code = 'executable_missing';
  readonly retryable = false;

  constructor(program: string, searched: string) {
    super(
      `${program} was not found at ${searched}. Run \`npm start\` or \`npm test\` once: both install what is missing.`,
    );
    this.name = 'ExecutableMissingError';
  }
}

/** A supervised process ended, or did not become ready in time, while it was being started. */
export class ChildStartError extends Error {
  readonly code = 'child_start_failed';
  readonly retryable = true;
  /** The end of the process's log, oldest line first; empty when it wrote nothing. */
  readonly lastLines: readonly string[];
  readonly logFile: string;

  constructor(name: string, reason: string, logFile: string, lastLines: readonly string[]) {
    super([`${name} ${reason}. Its log is ${logFile}`, ...lastLines.map((line) => `  ${name} | ${line}`)].join('\n'));
    this.name = 'ChildStartError';
    this.logFile = logFile;
    this.lastLines = lastLines;
  }
}

/** The database's files cannot be used by the account that starts it. */
export class PostgresAccountError extends Error {
  readonly code = 'postgres_account_unusable';
  readonly retryable = false;

  constructor(message: string) {
    super(message);
    this.name = 'PostgresAccountError';
  }
}
