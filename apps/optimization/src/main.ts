import 'reflect-metadata';
import { createLogger, loadConfig, runUntilSignal, startTracing, type Tracing } from '@dspy-nest/platform';
import { optimizationSettings } from './optimization.settings';
import { startOptimization } from './start-optimization';

async function main(): Promise<void> {
  const settings = loadConfig(optimizationSettings, process.env);
  const logger = createLogger('optimization', settings.LOG_LEVEL);
  const running: { app?: { close(): Promise<void> }; tracing?: Tracing } = {};
  // From the beginning: a replica may have to wait long for its servers, and must end with its parent then too.
  const close = async (): Promise<void> => {
    await running.app?.close();
    await running.tracing?.stop();
  };
  runUntilSignal({ close }, logger);
  logger.info('Starting: waiting for Postgres and NATS where they are not there yet.');
  running.tracing = await startTracing('optimization');
  running.app = await startOptimization(settings, logger);
  logger.info('The optimization service is ready.');
}

main().catch((err: unknown) => {
  createLogger('optimization').fatal({ err }, 'The optimization service cannot start.');
  process.exit(1);
});
