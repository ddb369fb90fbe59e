import { createLogger, runUntilSignal } from '@dspy-nest/platform';
import { createExecutionApp } from './execution.app';
import { readConfig } from './execution.config';

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const logger = createLogger('execution', config.LOG_LEVEL);
  runUntilSignal(await createExecutionApp(config, logger), logger);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
