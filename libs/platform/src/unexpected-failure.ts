/** For the log: something nobody expected happened under a trace. Nest's logger then writes `traceId` as a member of the line. */
export class UnexpectedFailure extends Error {
  constructor(
    message: string,
    readonly traceId: string,
    cause: unknown,
  ) {
    super(message, { cause });
    this.name = 'UnexpectedFailure';
  }
}
