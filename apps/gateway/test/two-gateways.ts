import { GatewayUnderTest } from './gateway-under-test';
import { MovingExecutions } from './moving-execution';

/** Two gateways on the same servers, in front of executions that move when a test says so. */
export class TwoGateways {
  private constructor(
    readonly gateway: GatewayUnderTest,
    readonly other: GatewayUnderTest,
    readonly executions: MovingExecutions,
  ) {}

  static async start(): Promise<TwoGateways> {
    const gateway = await GatewayUnderTest.start();
    const other = await gateway.replica();
    return new TwoGateways(gateway, other, await MovingExecutions.start(gateway.servers.natsUrl, gateway.services));
  }

  async stop(): Promise<void> {
    await this.executions.stop();
    await this.other.gateway.close();
    await this.gateway.stop();
  }

  /** What the first gateway measured for one of the ways to follow events; 0 where it measured nothing. */
  async metric(name: string, transport: 'sse' | 'websocket'): Promise<number> {
    const text = await (await fetch(`${this.gateway.url}/metrics?scope=gateway`)).text();
    const labels = transport === 'sse' ? '.*transport="sse".*' : '(?!.*transport="sse").*';
    return Number(new RegExp(`^${name}\\{${labels}\\} (\\d+)`, 'm').exec(text)?.[1] ?? 0);
  }
}
