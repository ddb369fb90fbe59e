import { Command, CommanderError } from 'commander';
import { CommandError, exitCodes } from './command.errors';
import { addDatasetCommands } from './dataset/dataset.command';
import { addEvalCommand } from './evaluation/eval.command';
import { addOptimizeCommand } from './optimization/optimize.command';
import { addSignatureCommands } from './signature/signature.command';
import { addTypesCommands } from './program-types/types.command';
import { VERSION } from './version';

// One line for each noun; its folder has a file for each verb. What is asked for daily is a verb alone.
const NOUNS = [addSignatureCommands, addTypesCommands, addDatasetCommands, addEvalCommand, addOptimizeCommand];

/** Runs the command that the arguments of a process name, and sets the exit code of this one. */
export async function runCommandLine(argv: readonly string[]): Promise<void> {
  try {
    await makeProgram().parseAsync(argv);
  } catch (error) {
    process.exitCode = report(error);
  }
}

function makeProgram(): Command {
  const program = new Command('dspy-nest')
    .description('Typed, versioned services made of DSPy signatures.')
    .version(VERSION)
    .exitOverride()
    .showHelpAfterError('Add --help for how to use it.');
  for (const addCommands of NOUNS) addCommands(program);
  return program;
}

function report(error: unknown): number {
  // It has said what is wrong, or printed the help or the version that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  if (!(error instanceof CommandError)) throw error;
  process.stderr.write(`${error.message}\n`);
  return error.exitCode;
}
