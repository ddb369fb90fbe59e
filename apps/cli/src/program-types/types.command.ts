import type { Command } from 'commander';
import { addPullCommand } from './pull/pull.command';

/** Adds `dspy-nest types …`. */
export function addTypesCommands(program: Command): void {
  addPullCommand(program.command('types').description('the types of the programs of a server'));
}
