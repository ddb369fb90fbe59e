import { createLogger, runUntilSignal, startTracing, type Tracing } from '@dspy-nest/platform';
import { createExecutionApp } from './execution.app';
import { readConfig } from './execution.config';

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const logger = createLogger('execution', config.LOG_LEVEL);
  const running: { app?: { close(): Promise<void> }; tracing?: Tracing } = {};
  // From the beginning: a replica may have to wait long for its servers, and must end with its parent then too.
  const close = async (): Promise<void> => {
    await running.app?.close();
    await running.tracing?.stop();
  };
  runUntilSignal({ close }, logger);
  running.tracing = await startTracing('execution');
  running.app = await createExecutionApp(config, logger);
}

main().catch((err: unknown) => {
  createLogger('execution').fatal({ err }, 'The execution service cannot start.');
  process.exit(1);
});
