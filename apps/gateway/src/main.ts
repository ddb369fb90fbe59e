import { createLogger, loadConfig, runUntilSignal, startTracing, type Tracing } from '@dspy-nest/platform';
import { createGateway, type Gateway } from './create-gateway';
import { gatewayEnvironment } from './gateway.config';

async function main(): Promise<void> {
  const config = loadConfig(gatewayEnvironment, process.env);
  const logger = createLogger('gateway', config.LOG_LEVEL);
  logger.warn('Access control is off: everyone who reaches this port may do everything.');
  const running: { gateway?: Gateway; tracing?: Tracing } = {};
  // From the beginning: the gateway may have to wait long for NATS, and must end with its parent then too.
  const close = async (): Promise<void> => {
    await running.gateway?.close();
    await running.tracing?.stop();
  };
  runUntilSignal({ close }, logger);
  running.tracing = await startTracing('gateway');
  const gateway = await createGateway(config, logger);
  running.gateway = gateway;
  await gateway.app.listen(config.PORT, config.HOST);
  logger.info({ url: await gateway.app.getUrl() }, 'The gateway listens.');
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
