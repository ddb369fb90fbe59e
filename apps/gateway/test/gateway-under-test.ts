import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { createLogger } from '@dspy-nest/platform';
import { startServers, type TestServers } from '@dspy-nest/testing';
import { createGateway, type Gateway } from '../src/create-gateway';
import type { GatewaySettings } from '../src/gateway.config';
import { ScriptedServices } from './scripted-services';

/** An answer of the gateway. */
export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: T;
}

/** A gateway on real servers, with scripted services behind it. */
export class GatewayUnderTest {
  private constructor(
    /** The lines that the gateway logged as errors. */
    readonly errors: readonly string[],
    readonly servers: TestServers,
    readonly services: ScriptedServices,
    readonly gateway: Gateway,
    readonly url: string,
  ) {}

  static async start(): Promise<GatewayUnderTest> {
    const servers = await startServers({ only: ['nats', 'redis'] });
    return GatewayUnderTest.on(servers, await ScriptedServices.connect(servers.natsUrl));
  }

  /** Starts another gateway on the same servers, with the same services behind it; end it by its `gateway`. */
  replica(settings: Partial<GatewaySettings> = {}): Promise<GatewayUnderTest> {
    return GatewayUnderTest.on(this.servers, this.services, settings);
  }

  private static async on(
    servers: TestServers,
    services: ScriptedServices,
    settings: Partial<GatewaySettings> = {},
  ): Promise<GatewayUnderTest> {
    const config = { NATS_URL: servers.natsUrl, REDIS_URL: servers.redisUrl, ...settings };
    const errors: string[] = [];
    const logger = createLogger('gateway', 'error', { write: (line) => void errors.push(line) });
    const gateway = await createGateway(config, logger);
    await gateway.app.listen(0, '127.0.0.1');
    return new GatewayUnderTest(errors, servers, services, gateway, await gateway.app.getUrl());
  }

  async stop(): Promise<void> {
    await this.gateway.close();
    await this.services.stop();
    await this.servers.stop();
  }

  /** Sends JSON (or, as a string, anything) and reads JSON. */
  async send<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const text = typeof body === 'string' ? body : (JSON.stringify(body) as string | undefined);
    const contentType: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    const init: RequestInit = { method, headers: { ...contentType, ...headers } };
    if (text !== undefined) init.body = text;
    const response = await fetch(`${this.url}${path}`, init);
    const answer = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (answer === '' ? undefined : JSON.parse(answer)) as T,
    };
  }

  get<T = Record<string, unknown>>(path: string, headers?: Record<string, string>): Promise<Answer<T>> {
    return this.send<T>('GET', path, undefined, headers);
  }

  /** Asks with headers that `fetch` does not let through. */
  getRaw(
    path: string,
    headers: OutgoingHttpHeaders,
  ): Promise<{ status: number; headers: IncomingHttpHeaders; text: string }> {
    const { hostname, port } = new URL(this.url);
    return new Promise((resolve, reject) => {
      const asked = request({ hostname, port, path, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      });
      asked.on('error', reject).end();
    });
  }
}
