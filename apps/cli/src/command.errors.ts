/** How a command ends. */
export const exitCodes = {
  done: 0,
  /** It did what it was asked, and what it looked at is not right. */
  notRight: 1,
  /** It was asked in a wrong way. */
  usage: 2,
  /** It could not do what it was asked, for example because a server does not answer. */
  failed: 3,
} as const;

/** Ends a command with a message for who gave it. */
export class CommandError extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CommandError';
    this.exitCode = exitCode;
  }
}
