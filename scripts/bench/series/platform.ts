import { requestText } from '../load/http-connection';
import { PlatformClient, readExecution, type Timing } from '../platform/platform-client';
import type { Suite } from '../platform/suite';
import { nextNonce, questionOf, UNKNOWN_MODEL } from '../workload';
import { httpSeries, type Series } from './series';

const PROGRAMS = { known: 'bench', unknown: 'bench-unknown', native: 'bench-native' } as const;

/** The platform, through its REST door. */
export class Platform {
  /** Of the calls since the last time it was emptied. */
  readonly timings: Timing[] = [];
  private readonly client: PlatformClient;
  private readonly ids = new Set<string>();

  private constructor(client: PlatformClient) {
    this.client = client;
  }

  /** Creates the programs: one on the model that the suite was started with, one on a model of another name, one without a worker. */
  static async prepare(suite: Suite, modelUrl: string): Promise<Platform> {
    const client = new PlatformClient(suite.port);
    await client.createProgram(PROGRAMS.known);
    await client.createModel(UNKNOWN_MODEL, UNKNOWN_MODEL, modelUrl);
    await client.createProgram(PROGRAMS.unknown, { model: UNKNOWN_MODEL });
    await client.createProgram(PROGRAMS.native, { adapter: 'native', format: 'json' });
    return new Platform(client);
  }

  /** Calls over HTTP, by a program whose model has a name in DSPy's price list, or not, or which runs natively. */
  series(name: string, program: keyof typeof PROGRAMS = 'known'): Series {
    const { port } = this.client;
    const path = `/v1/programs/${PROGRAMS[program]}/executions`;
    return httpSeries(name, port, () => {
      const nonce = nextNonce();
      return {
        request: requestText('POST', port, path, { inputs: { question: questionOf(nonce) } }),
        check: (answer) => {
          const { id, timing } = readExecution(answer, nonce);
          this.ids.add(id);
          this.timings.push(timing);
        },
      };
    });
  }

  /** How many executions were answered, and how many of them are not stored as succeeded. */
  async countLost(): Promise<{ answered: number; lost: number }> {
    const stored = await this.client.storedIds();
    return { answered: this.ids.size, lost: [...this.ids].filter((id) => !stored.has(id)).length };
  }
}
