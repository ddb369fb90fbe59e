import type { Inputs, Outputs, Signature } from '@dspy-nest/signature';
import { Batches } from './batches';
import { Datasets } from './datasets';
import { Evaluations } from './evaluations';
import type { Values } from './execution';
import { Executions } from './executions';
import { Feedback } from './feedback';
import { follow, type FollowOptions } from './follow';
import { Http } from './http';
import { Metrics } from './metrics';
import { Optimizations } from './optimizations';
import { toPlatformEvent, type EventFilter, type PlatformEvent } from './platform-event';
import { Program } from './program';
import { queryText } from './query';
import { retrySettings, type RetryOptions } from './retry';

/** How to reach the platform. */
export interface ClientOptions {
  /** The address of the gateway, such as `http://127.0.0.1:4000`. */
  url: string;
  /** Sent as `Authorization: Bearer …`; the tenant is that of the key. */
  apiKey?: string;
  /** Sent with every request. */
  headers?: Readonly<Record<string, string>>;
  /** For one attempt of a request that waits for no model; 30 s. */
  requestTimeoutMs?: number;
  retry?: RetryOptions;
  /** Instead of the `fetch` of Node or the browser. */
  fetch?: typeof fetch;
}

/** Which events, from where on. */
export interface EventsOptions extends FollowOptions {
  filter?: EventFilter;
}

/** Programs of which nothing is known at compile time. */
export type LoosePrograms = Record<string, { inputs: Values; outputs: Values }>;

type ProgramTypes<Programs> = { [Name in keyof Programs]: { inputs: unknown; outputs: unknown } };

const REQUEST_TIMEOUT_MS = 30_000;

/** The client of a DSPy-Nest platform. `Programs` are the types that `dspy-nest types pull` writes. */
export class DspyNest<Programs extends ProgramTypes<Programs> = LoosePrograms> {
  readonly executions: Executions;
  readonly feedback: Feedback;
  readonly batches: Batches;
  readonly datasets: Datasets;
  readonly metrics: Metrics;
  readonly evaluations: Evaluations;
  readonly optimizations: Optimizations;
  readonly #http: Http;

  constructor(options: ClientOptions) {
    const { apiKey, headers = {}, requestTimeoutMs = REQUEST_TIMEOUT_MS, retry } = options;
    this.#http = new Http({
      url: addressOf(options.url),
      headers: { ...headers, ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }) },
      requestTimeoutMs,
      retry: retrySettings(retry),
      // Browsers refuse a fetch that is called as a method of something else.
      fetch: options.fetch ?? ((...request) => fetch(...request)),
    });
    this.executions = new Executions(this.#http);
    this.feedback = new Feedback(this.#http);
    this.batches = new Batches(this.#http);
    this.datasets = new Datasets(this.#http);
    this.metrics = new Metrics(this.#http);
    this.evaluations = new Evaluations(this.#http);
    this.optimizations = new Optimizations(this.#http);
  }

  /** A program by its name: with the types of a signature, else with those of `Programs`. */
  program<Text extends string>(
    name: string,
    signature: Signature<Text>,
  ): Program<Inputs<Signature<Text>>, Outputs<Signature<Text>>>;
  program<Name extends keyof Programs & string>(
    name: Name,
  ): Program<Programs[Name]['inputs'], Programs[Name]['outputs']>;
  program<In, Out>(name: string): Program<In, Out> {
    return new Program(name, this.#http, this.executions, this.batches);
  }

  /** Gives what happens on the platform, from now on or after a number, without end. */
  async *events({ filter, ...options }: EventsOptions = {}): AsyncGenerator<PlatformEvent, void> {
    for await (const event of follow(this.#http, `/v1/events${queryText({}, filter)}`, options))
      yield toPlatformEvent(event);
  }
}

function addressOf(url: string): string {
  if (URL.canParse(url) && /^https?:/i.test(url)) return url.replace(/\/+$/, '');
  throw new TypeError(
    `The url ${JSON.stringify(url)} is no http or https address. Write one such as http://127.0.0.1:4000.`,
  );
}
