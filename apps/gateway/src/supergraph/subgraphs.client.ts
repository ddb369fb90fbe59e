import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  graphqlOf,
  SIGNALS,
  TIMEOUT_MAX_MS,
  type GraphqlAbandonedV1,
  type GraphqlOperationV1,
  type GraphqlResultV1,
} from '@dspy-nest/contracts';
import { RequestClient, SignalBus } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';

/** Longer than the longest execution, so that the services' own clocks speak first. */
const ANSWER_TIMEOUT_MS = TIMEOUT_MAX_MS + 15_000;

/** An operation for the subgraph of one service. */
export interface SubgraphOperation extends Omit<GraphqlOperationV1, 'id'> {
  /** Whether running it twice does no harm. */
  readonly repeatable: boolean;
}

/** Asks the subgraphs of the services: any replica answers. */
@Injectable()
export class SubgraphsClient {
  constructor(
    private readonly requests: RequestClient,
    private readonly signals: SignalBus,
  ) {}

  /** What the operation gives. When the signal comes, the service is told to give up; rejects as a request to it does. */
  async run(
    ctx: RequestContext,
    service: string,
    { repeatable, ...operation }: SubgraphOperation,
    signal?: AbortSignal,
  ): Promise<GraphqlResultV1> {
    const id = randomUUID();
    const abandon = (): void => this.signals.publish(SIGNALS.graphqlAbandoned, { id } satisfies GraphqlAbandonedV1);
    const message = { id, ...operation } satisfies GraphqlOperationV1;
    const options = { timeoutMs: ANSWER_TIMEOUT_MS, repeatable };
    const answer = this.requests.request<GraphqlResultV1>(ctx, graphqlOf(service), message, options);
    if (signal === undefined) return answer;
    signal.addEventListener('abort', abandon, { once: true });
    try {
      return await answer;
    } finally {
      signal.removeEventListener('abort', abandon);
    }
  }
}
