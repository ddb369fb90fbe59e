import type { Command } from 'commander';
import { addExportCommand } from './export/export.command';
import { addImportCommand } from './import/import.command';
import { addListCommand } from './list/list.command';

/** Adds `dspy-nest dataset …`. */
export function addDatasetCommands(program: Command): void {
  const dataset = program.command('dataset').description('the examples that programs learn from and are judged by');
  addImportCommand(dataset);
  addExportCommand(dataset);
  addListCommand(dataset);
}
