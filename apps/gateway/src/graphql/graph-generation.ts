import {
  createGatewayRuntime,
  type GatewayConfigContext,
  type GatewayPlugin,
  type GatewayRuntime,
} from '@graphql-hive/gateway-runtime';
import { DEFAULT_TENANT } from '@dspy-nest/platform';
import { TypedSchemas, type ProgramCatalog, type TypedSchema } from '@dspy-nest/programs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { DelegatedCalls } from '../program-graph/delegated-calls';
import { programResultResolvers } from '../program-graph/program-result';
import type { SubgraphsClient } from '../supergraph/subgraphs.client';
import type { Supergraph } from '../supergraph/supergraph.service';
import { serviceTransport, type CallerContext } from './service-transport';
import { handedOver, WholeOperations } from './whole-operations';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
/** A change of programs is seen at once; a flood of changes leaves most of the time to requests. */
const TIME_SHARE = 0.2;

/** What a generation serves by. */
export interface GenerationParts {
  readonly catalog: ProgramCatalog;
  readonly subgraphs: SubgraphsClient;
  readonly plugins: GatewayPlugin<CallerContext>[];
  readonly maskError: (error: unknown) => Error;
  readonly logging: GatewayConfigContext['log'];
  readonly onSwap: (typed: TypedSchema) => void;
}

/**
 * One composition of the services' schemas with the types of programs on top. It is served from when it is complete until the
 * next is, and ends when it has answered what it had begun by then. A change of programs makes no new generation.
 */
export class GraphGeneration {
  private inFlight = 0;
  private isRetired = false;

  private constructor(
    private readonly runtime: GatewayRuntime<CallerContext>,
    private readonly schemas: TypedSchemas,
  ) {}

  /** Builds what the supergraph describes; rejects when that is impossible. */
  static async open(supergraph: Supergraph, parts: GenerationParts): Promise<GraphGeneration> {
    const opened: { schemas?: TypedSchemas } = {};
    const schemaOf = (tenant: string): GraphQLSchema | undefined => opened.schemas?.of(tenant).schema;
    const runtime = withoutSignalHandlers(() => createRuntime(supergraph, parts, schemaOf));
    const { catalog, onSwap } = parts;
    const base = await runtime.getSchema();
    opened.schemas = new TypedSchemas({ base, calls: new DelegatedCalls(), catalog, timeShare: TIME_SHARE, onSwap });
    opened.schemas.of(DEFAULT_TENANT);
    return new GraphGeneration(runtime, opened.schemas);
  }

  async handle(request: FastifyRequest, reply: FastifyReply): Promise<Response> {
    this.inFlight += 1;
    try {
      return await this.runtime.handleNodeRequestAndResponse(request, reply, { caller: request.caller });
    } finally {
      this.inFlight -= 1;
      if (this.isRetired && this.inFlight === 0) await this.dispose();
    }
  }

  /** Ends it as soon as nobody waits for an answer of it. */
  async retire(): Promise<void> {
    this.isRetired = true;
    this.schemas.stop();
    if (this.inFlight === 0) await this.dispose();
  }

  /** Ends it now; what it had begun is given up. */
  async dispose(): Promise<void> {
    this.schemas.stop();
    await this.runtime.dispose();
  }
}

function createRuntime(
  { sdl, subgraphs: services }: Supergraph,
  { plugins, maskError, logging, subgraphs }: GenerationParts,
  schemaOf: (tenant: string) => GraphQLSchema | undefined,
): GatewayRuntime<CallerContext> {
  return createGatewayRuntime<CallerContext>({
    supergraph: () => sdl,
    graphqlEndpoint: '/graphql',
    // What a supergraph says nothing else of is by HTTP.
    transports: { http: serviceTransport(subgraphs) },
    additionalResolvers: sdl.includes('union ProgramOutput') ? [programResultResolvers] : [],
    maskedErrors: { maskError },
    // An execution nobody waits for any more is to end: the service sees its caller, the gateway, hang up too.
    upstreamCancellation: true,
    subgraphErrors: false,
    plugins: () => [...plugins, typed(schemaOf), handedOver(subgraphs, new WholeOperations(services))],
    cors: false,
    graphiql: false,
    landingPage: false,
    logging,
  });
}

/** Has each request begin, and so end, with the schema of its tenant as it is at that moment. */
function typed(schemaOf: (tenant: string) => GraphQLSchema | undefined): GatewayPlugin<CallerContext> {
  return {
    onEnveloped({ context, setSchema }) {
      const schema = schemaOf(context?.caller?.tenant ?? DEFAULT_TENANT);
      if (schema !== undefined) setSchema(schema);
    },
  };
}

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
