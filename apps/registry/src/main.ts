import 'reflect-metadata';
import { createLogger, loadConfig, runUntilSignal, startTracing, type Tracing } from '@dspy-nest/platform';
import { registrySettings } from './registry.settings';
import { startRegistry } from './start-registry';

async function main(): Promise<void> {
  const settings = loadConfig(registrySettings, process.env);
  const logger = createLogger('registry', settings.LOG_LEVEL);
  const running: { app?: { close(): Promise<void> }; tracing?: Tracing } = {};
  // From the beginning: a replica may have to wait long for its servers, and must end with its parent then too.
  const close = async (): Promise<void> => {
    await running.app?.close();
    await running.tracing?.stop();
  };
  runUntilSignal({ close }, logger);
  logger.info('Starting: waiting for Postgres and NATS where they are not there yet.');
  running.tracing = await startTracing('registry');
  running.app = await startRegistry(settings, logger);
  logger.info('The registry is ready.');
}

main().catch((err: unknown) => {
  createLogger('registry').fatal({ err }, 'The registry cannot start.');
  process.exit(1);
});
