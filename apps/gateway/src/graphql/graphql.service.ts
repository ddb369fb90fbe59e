import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import {
  createGatewayRuntime,
  Logger as HiveLogger,
  type GatewayPlugin,
  type GatewayRuntime,
} from '@graphql-hive/gateway-runtime';
import * as http from '@graphql-mesh/transport-http';
import { TIMEOUT_MAX_MS } from '@dspy-nest/contracts';
import { ServiceUnavailableError, TimedOutError, type Logger, type RequestContext } from '@dspy-nest/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parse } from 'graphql';
import { LOGGER } from '../logger.token';
import { isConnectionFailure, toPublicError } from './graphql-errors';
import { queryLimitsRule, TOKENS_MAX } from './query-limits';
import { SupergraphService } from './supergraph.service';

const DRAIN_TIMEOUT_MS = 30_000;
const GENERATIONS_MAX = 4;
const DISPOSE_TIMEOUT_MS = 2_000;
/** Longer than the longest execution, so that the services' own clocks speak first. */
const ANSWER_TIMEOUT_MS = TIMEOUT_MAX_MS + 20_000;
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

type CallerContext = { caller: RequestContext };

/** Answers GraphQL over HTTP from the federated graph. */
@Injectable()
export class GraphqlService implements OnApplicationShutdown {
  readonly #runtime: GatewayRuntime<CallerContext>;
  readonly #traceIds = new WeakMap<object, string>();

  constructor(
    private readonly supergraph: SupergraphService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.#runtime = withoutSignalHandlers(() => this.createRuntime());
    supergraph.onChange(() => this.#runtime.invalidateUnifiedGraph());
  }

  /** Throws ServiceUnavailableError as long as there is no schema, TimedOutError when a service hangs. */
  async handle(request: FastifyRequest, reply: FastifyReply): Promise<Response> {
    if (this.supergraph.supergraph === undefined) {
      const message = `GraphQL is not served yet: ${this.supergraph.problem ?? 'the schema is missing.'}`;
      throw new ServiceUnavailableError(message, { details: { retryAfterS: 1 } });
    }
    const answer = this.#runtime.handleNodeRequestAndResponse(request, reply, { caller: request.caller });
    return within(ANSWER_TIMEOUT_MS, answer, () => {
      throw new TimedOutError('The GraphQL request took too long.');
    });
  }

  async onApplicationShutdown(): Promise<void> {
    // Hive was seen not to end by itself; the process must not wait for it.
    await within(DISPOSE_TIMEOUT_MS, this.#runtime.dispose(), () => undefined);
  }

  private createRuntime(): GatewayRuntime<CallerContext> {
    return createGatewayRuntime<CallerContext>({
      supergraph: () => this.supergraph.supergraph!,
      graphqlEndpoint: '/graphql',
      // Without it a mutation that changes the schema is killed by the reload it causes.
      gracefulSchemaReload: { drainTimeout: DRAIN_TIMEOUT_MS, maxConcurrentGenerations: GENERATIONS_MAX },
      transports: { http },
      propagateHeaders: {
        fromClientToSubgraphs: ({ context }) => ({
          traceparent: context.caller?.traceparent,
          'dspy-tenant': context.caller?.tenant,
        }),
      },
      maskedErrors: { maskError: (error) => this.toPublicError(error) },
      // An execution nobody waits for any more is to end: the service sees its caller, the gateway, hang up too.
      upstreamCancellation: true,
      subgraphErrors: false,
      plugins: () => [limits, this.traces()],
      cors: false,
      graphiql: false,
      landingPage: false,
      logging: hiveLogger(this.logger),
    });
  }

  /** Masking is told of an error alone: this remembers whose request it was. */
  private traces(): GatewayPlugin<CallerContext> {
    return {
      onExecute: ({ args }) => ({
        onExecuteDone: ({ result }) => {
          const { traceId } = args.contextValue.caller as RequestContext;
          const errors = 'errors' in result ? (result.errors ?? []) : [];
          for (const error of errors) this.#traceIds.set(error, traceId);
        },
      }),
    };
  }

  private toPublicError(error: unknown): Error {
    if (isConnectionFailure(error)) void this.supergraph.refresh();
    const shown = toPublicError(error);
    if (shown.extensions['code'] === 'internal')
      this.logger.error(
        { err: error, traceId: this.#traceIds.get(Object(error)) },
        'A GraphQL request failed unexpectedly.',
      );
    return shown;
  }
}

/** What the work gives, or what `late` gives or throws when the work takes longer than `timeoutMs`. */
async function within<T>(timeoutMs: number, work: T | PromiseLike<T>, late: () => T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs)));
  try {
    return await Promise.race([work, timeout.then(late)]);
  } finally {
    clearTimeout(timer);
  }
}

const limits: GatewayPlugin = {
  onParse: ({ setParseFn }) => setParseFn((source, options) => parse(source, { ...options, maxTokens: TOKENS_MAX })),
  onValidate: ({ addValidationRule }) => addValidationRule(queryLimitsRule),
};

/** Hive would dispose of itself on a signal, under requests that still run; the app has one owner of signals. */
function withoutSignalHandlers<T>(create: () => T): T {
  const before = SIGNALS.map((signal) => process.listeners(signal));
  const created = create();
  SIGNALS.forEach((signal, index) => {
    for (const listener of process.listeners(signal)) {
      if (!before[index]!.includes(listener)) process.removeListener(signal, listener);
    }
  });
  return created;
}

/** Hive tells of every error that a service answered as one of its own; what deserves a line is logged where it is masked. */
function hiveLogger(logger: Logger): HiveLogger {
  const write = (level: string, attributes: unknown, message: string | null | undefined): void =>
    logger.debug({ attributes, hiveLevel: level }, message ?? 'GraphQL');
  return new HiveLogger({ level: 'warn', writers: [{ write }] });
}
