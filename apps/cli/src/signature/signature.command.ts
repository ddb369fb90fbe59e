import type { Command } from 'commander';
import { addCheckCommand } from './check/check.command';
import { addPrintCommand } from './print/print.command';

/** Adds `dspy-nest signature …`. */
export function addSignatureCommands(program: Command): void {
  const signature = program.command('signature').description('signature definitions in text and in files');
  addCheckCommand(signature);
  addPrintCommand(signature);
}
