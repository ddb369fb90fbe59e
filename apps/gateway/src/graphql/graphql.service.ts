import { TIMEOUT_MAX_MS } from '@dspy-nest/contracts';
import { CALLER_LIMITS, objectsRefusal, parseWithin, queryLimitsRule } from '@dspy-nest/graphql';
import {
  DEFAULT_TENANT,
  ServiceUnavailableError,
  TimedOutError,
  type Logger,
  type RequestContext,
} from '@dspy-nest/platform';
import { ProgramCatalog } from '@dspy-nest/programs';
import { Logger as HiveLogger, type GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../gateway.config';
import { INTROSPECTION } from '../introspection.token';
import { LOGGER } from '../logger.token';
import { SubgraphsClient } from '../supergraph/subgraphs.client';
import { SupergraphService, type Supergraph } from '../supergraph/supergraph.service';
import { GraphGeneration, type GenerationParts } from './graph-generation';
import { toPublicError } from './graphql-errors';
import { hiddenSchema, withoutSuggestion } from './hidden-schema';
import { SchemaMetrics } from './schema-metrics';
import type { CallerContext } from './service-transport';

const DISPOSE_TIMEOUT_MS = 2_000;
/** Longer than the longest execution, so that the services' own clocks speak first. */
const ANSWER_TIMEOUT_MS = TIMEOUT_MAX_MS + 20_000;

/** Answers GraphQL over HTTP from the federated graph. */
@Injectable()
export class GraphqlService implements OnApplicationShutdown {
  readonly #traceIds = new WeakMap<object, string>();
  #generation: GraphGeneration | undefined;
  #opening: Promise<void> = Promise.resolve();
  #buildProblem: string | undefined;

  constructor(
    private readonly supergraph: SupergraphService,
    private readonly catalog: ProgramCatalog,
    private readonly metrics: SchemaMetrics,
    private readonly subgraphs: SubgraphsClient,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(INTROSPECTION) private readonly introspection: GatewayConfig['DSPY_NEST_INTROSPECTION'],
  ) {
    supergraph.onChange((changed) => {
      this.#opening = this.#opening.then(() => this.replaceGeneration(changed));
    });
    metrics.observe(() => this.problem === undefined);
  }

  /** Why no schema is served, or an older one than there should be. */
  get problem(): string | undefined {
    if (this.supergraph.problem !== undefined) return this.supergraph.problem;
    if (this.#buildProblem !== undefined) return this.#buildProblem;
    if (this.#generation === undefined) return 'The schema is being built.';
    return this.catalog.knows(DEFAULT_TENANT) ? undefined : 'The programs have not been read from the registry yet.';
  }

  /** Throws ServiceUnavailableError as long as there is no schema, TimedOutError when a service hangs. */
  async handle(request: FastifyRequest, reply: FastifyReply): Promise<Response> {
    if (this.#generation === undefined) {
      const message = `GraphQL is not served yet: ${this.problem ?? 'the schema is missing.'}`;
      throw new ServiceUnavailableError(message, { details: { retryAfterS: 1 } });
    }
    return within(ANSWER_TIMEOUT_MS, this.#generation.handle(request, reply), () => {
      throw new TimedOutError('The GraphQL request took too long.');
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#opening;
    // Hive was seen not to end by itself; the process must not wait for it.
    await within(DISPOSE_TIMEOUT_MS, this.#generation?.dispose(), () => undefined);
  }

  private async replaceGeneration(supergraph: Supergraph): Promise<void> {
    const before = this.#generation;
    try {
      this.#generation = await GraphGeneration.open(supergraph, this.parts());
      this.#buildProblem = undefined;
    } catch (err) {
      this.#buildProblem = 'The composed schema cannot be served; what was served before stays.';
      this.logger.error({ err }, this.#buildProblem);
      return;
    }
    this.logger.info('Serving the composed GraphQL schema.');
    before?.retire().catch((err: unknown) => this.logger.warn({ err }, 'A former GraphQL schema did not end well.'));
  }

  private parts(): GenerationParts {
    return {
      catalog: this.catalog,
      subgraphs: this.subgraphs,
      plugins: [limits, ...(this.introspection === 'off' ? [hiddenSchema] : []), this.traces()],
      maskError: (error) => this.toPublicError(error),
      logging: hiveLogger(this.logger),
      onSwap: (typed) => this.metrics.swapped(typed),
    };
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
    const shown = toPublicError(error);
    if (shown.extensions['code'] === 'internal')
      this.logger.error(
        { err: error, traceId: this.#traceIds.get(Object(error)) },
        'A GraphQL request failed unexpectedly.',
      );
    return this.introspection === 'off' ? withoutSuggestion(shown) : shown;
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
  onParse: ({ setParseFn }) => setParseFn((source, options) => parseWithin(CALLER_LIMITS, source, options)),
  onValidate: ({ addValidationRule }) => addValidationRule(queryLimitsRule(CALLER_LIMITS)),
  onExecute: ({ args, setResultAndStopExecution }) => {
    const refusal = objectsRefusal(CALLER_LIMITS, args);
    if (refusal !== undefined) setResultAndStopExecution({ errors: [refusal] });
  },
};

/** Hive tells of every error that a service answered as one of its own; what deserves a line is logged where it is masked. */
function hiveLogger(logger: Logger): HiveLogger {
  const write = (level: string, attributes: unknown, message: string | null | undefined): void =>
    logger.debug({ attributes, hiveLevel: level }, message ?? 'GraphQL');
  return new HiveLogger({ level: 'warn', writers: [{ write }] });
}
