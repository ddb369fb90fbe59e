import { Logger } from '@nestjs/common';
import type { GraphQLSchema } from 'graphql';
import type { ProgramCatalog } from './program-catalog';
import { ProgramGraph, type TypedSchema } from './program-graph';
import type { ProgramCalls } from './program-types';

/** What a process makes typed schemas of, and how. */
export interface TypedSchemasOptions {
  readonly base: GraphQLSchema;
  readonly calls: ProgramCalls;
  readonly catalog: Pick<ProgramCatalog, 'of' | 'onChange'>;
  /** The most of its time, from 0 to 1, that the process may spend on making schemas while programs change all the time. */
  readonly timeShare: number;
  /** Told of each schema that is served from now on. */
  readonly onSwap?: (typed: TypedSchema) => void;
}

const logger = new Logger('TypedSchemas');

interface Served {
  readonly graph: ProgramGraph;
  readonly typed: TypedSchema;
  /** When the next may be made, as `performance.now()` says it. */
  readonly restsUntilMs: number;
}

/** One schema for each tenant, with the types of the tenant's programs as they are now. */
export class TypedSchemas {
  private readonly served = new Map<string, Served>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly told = new Set<string>();
  private readonly unsubscribe: () => void;

  constructor(private readonly options: TypedSchemasOptions) {
    this.unsubscribe = options.catalog.onChange((tenant) => this.renewSoon(tenant));
  }

  /** The schema of a tenant. */
  of(tenant: string): TypedSchema {
    return this.served.get(tenant)?.typed ?? this.renew(tenant);
  }

  /** Follows the programs no more. */
  stop(): void {
    this.unsubscribe();
    for (const timer of this.timers.values()) clearTimeout(timer);
  }

  /** At once after a quiet time; while changes keep coming, as often as the time allows. */
  private renewSoon(tenant: string): void {
    if (this.timers.has(tenant)) return;
    const restMs = (this.served.get(tenant)?.restsUntilMs ?? 0) - performance.now();
    this.timers.set(
      tenant,
      setTimeout(() => this.renew(tenant), Math.max(restMs, 0)),
    );
  }

  private renew(tenant: string): TypedSchema {
    this.timers.delete(tenant);
    const { base, calls, catalog, timeShare, onSwap } = this.options;
    const startMs = performance.now();
    const graph = this.served.get(tenant)?.graph ?? new ProgramGraph(base, calls);
    const typed = graph.with(catalog.of(tenant));
    const endMs = performance.now();
    const restsUntilMs = endMs + (endMs - startMs) * (1 / timeShare - 1);
    this.served.set(tenant, { graph, typed, restsUntilMs });
    this.tellOfMissing(tenant, typed);
    onSwap?.(typed);
    return typed;
  }

  /** Once of each: it stays so until the program or the platform changes. */
  private tellOfMissing(tenant: string, { leftOut }: TypedSchema): void {
    for (const { program, reason } of leftOut) {
      const line = `Program "${program}" of tenant "${tenant}" has no types in GraphQL: ${reason}.`;
      if (!this.told.has(line)) logger.error(new Error(line));
      this.told.add(line);
    }
  }
}
