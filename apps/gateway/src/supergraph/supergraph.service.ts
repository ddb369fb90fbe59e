import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { subgraphOf, type SubgraphV1 } from '@dspy-nest/contracts';
import { RequestClient } from '@dspy-nest/messaging';
import { AppError, newContext, type Logger } from '@dspy-nest/platform';
import { LOGGER } from '../logger.token';
import { compose } from './compose';
import { SERVICES } from '../services';

const POLL_MS = 2_000;
const POLL_UNTIL_COMPOSED_MS = 250;
const ASK_TIMEOUT_MS = 1_000;

/** What the services have together, and each of them. */
export interface Supergraph {
  readonly sdl: string;
  readonly subgraphs: readonly SubgraphV1[];
}

/**
 * Keeps the supergraph: asks every service for its subgraph again and again, since a service that restarts may have another,
 * and composes when something changed. The last supergraph that composed stays until a better one does.
 */
@Injectable()
export class SupergraphService implements OnModuleInit, OnModuleDestroy {
  /** Why there is no supergraph, or why the newest schemas are not in it. */
  problem: string | undefined = 'The schemas of the services have not been asked for yet.';
  readonly #subgraphs = new Map<string, SubgraphV1>();
  readonly #listeners: ((supergraph: Supergraph) => void)[] = [];
  #isComposed = false;
  #composedFrom = '';
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(
    private readonly requests: RequestClient,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Calls back with the supergraph after each change of it. */
  onChange(listener: (supergraph: Supergraph) => void): void {
    this.#listeners.push(listener);
  }

  onModuleInit(): void {
    void this.poll();
  }

  onModuleDestroy(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  private async poll(): Promise<void> {
    await this.ask();
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.poll(), this.#isComposed ? POLL_MS : POLL_UNTIL_COMPOSED_MS);
  }

  private async ask(): Promise<void> {
    await Promise.all(SERVICES.map((service) => this.askService(service)));
    const missing = SERVICES.filter((service) => !this.#subgraphs.has(service));
    if (missing.length > 0) this.problem = `The schema of ${missing.join(' and ')} is missing.`;
    else this.recompose(SERVICES.map((service) => this.#subgraphs.get(service)!));
  }

  private async askService(service: string): Promise<void> {
    try {
      const options = { timeoutMs: ASK_TIMEOUT_MS };
      this.#subgraphs.set(
        service,
        await this.requests.request<SubgraphV1>(newContext(), subgraphOf(service), {}, options),
      );
    } catch (error) {
      // A service that is away keeps its schema; that it is away is for readiness and for the callers of its fields.
      if (!(error instanceof AppError))
        this.logger.error({ err: error, subgraph: service }, 'Asking for a schema failed.');
    }
  }

  private recompose(subgraphs: SubgraphV1[]): void {
    const source = JSON.stringify(subgraphs.map(({ sdl }) => sdl));
    if (source === this.#composedFrom) return;
    this.#composedFrom = source;
    const result = compose(subgraphs);
    if ('problem' in result) {
      this.problem = result.problem;
      this.logger.error({ problem: result.problem }, 'The schemas do not compose; the schema before stays.');
      return;
    }
    this.problem = undefined;
    this.#isComposed = true;
    this.logger.info({ services: SERVICES }, 'Composed the GraphQL schema.');
    for (const listener of this.#listeners) listener({ sdl: result.supergraph, subgraphs });
  }
}
