import { untilStopRequested } from './stop-request';

/** As a shell has it for a program that was interrupted. */
const STOPPED_EXIT_CODE = 130;

/** Ends the process with the code that a program gives; wrong arguments are told without a stack. */
export function exitAfter(program: () => Promise<number>): void {
  void Promise.resolve()
    .then(program)
    .then(
      (code) => process.exit(code),
      (error: Error & { code?: string }) => {
        process.stderr.write(`\n${error.code === 'arguments_invalid' ? error.message : error.stack}\n`);
        process.exit(1);
      },
    );
}

/** Works until all is done, and gives the code that this calls for; or, when it is asked to stop before, the code of that. */
export async function unlessStopped<T>(work: Promise<T>, exitCodeOf: (outcome: T) => number): Promise<number> {
  const stopRequested = untilStopRequested(() => process.exit(STOPPED_EXIT_CODE));
  return Promise.race([work.then(exitCodeOf), stopRequested.then(() => STOPPED_EXIT_CODE)]);
}
