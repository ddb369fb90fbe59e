import { Global, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { EventBus } from './event-bus';
import { EventLog } from './event-log';
import { JobQueue } from './job-queue';
import { Nats } from './nats';
import { RequestClient } from './request-client';
import { SignalBus } from './signal-bus';
import { TokenLog } from './token-log';

const PROVIDERS = [RequestClient, EventBus, EventLog, SignalBus, JobQueue, TokenLog];

/** One NATS connection for the whole app and what is built on it. */
@Global()
@Module({})
export class MessagingModule implements OnApplicationShutdown {
  constructor(private readonly nats: Nats) {}

  /** Connects while the app starts, waiting for NATS as long as it takes. */
  static forRoot({ service, natsUrl }: { service: string; natsUrl: string }): DynamicModule {
    const nats = { provide: Nats, useFactory: () => Nats.connect(natsUrl, service) };
    return { module: MessagingModule, providers: [nats, ...PROVIDERS], exports: [Nats, ...PROVIDERS] };
  }

  /** Last of all: handlers that finish while the app closes still need the connection. */
  async onApplicationShutdown(): Promise<void> {
    await this.nats.close();
  }
}
