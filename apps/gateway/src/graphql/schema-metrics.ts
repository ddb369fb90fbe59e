import { Injectable } from '@nestjs/common';
import { Telemetry } from '@dspy-nest/platform';
import { ProgramSchema, type TypedSchema } from '@dspy-nest/programs';
import type { Counter } from '@opentelemetry/api';

/** Says whether the served schema is what it should be. */
@Injectable()
export class SchemaMetrics {
  private readonly swaps: Counter;
  private latest: TypedSchema | undefined;

  constructor(private readonly telemetry: Telemetry) {
    const { meter } = telemetry;
    this.swaps = meter.createCounter('dspy_graphql_schema_swaps', { description: 'Schemas served so far.' });
    meter
      .createObservableGauge('dspy_graphql_programs', { description: 'Programs with types in GraphQL.' })
      .addCallback((result) => result.observe(this.programs()));
    const description = 'Programs whose types clash with those of the platform.';
    meter
      .createObservableGauge('dspy_graphql_programs_left_out', { description })
      .addCallback((result) => result.observe(this.latest?.leftOut.length ?? 0));
  }

  /** From now on tells whether the newest schemas of all services are served. */
  observe(isCurrent: () => boolean): void {
    const description = '1 while the newest schemas are served, 0 while an older one, or none, is.';
    this.telemetry.meter
      .createObservableGauge('dspy_graphql_schema_current', { description })
      .addCallback((result) => result.observe(isCurrent() ? 1 : 0));
  }

  /** Notes that another schema is served. */
  swapped(typed: TypedSchema): void {
    this.swaps.add(1);
    this.latest = typed;
  }

  private programs(): number {
    const schema = this.latest?.schema;
    return schema instanceof ProgramSchema ? schema.programs.length : 0;
  }
}
