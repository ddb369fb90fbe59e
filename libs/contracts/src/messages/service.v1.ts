import { z } from 'zod';

/** One thing a service needs and whether it is there. */
export const HealthCheck = z
  .strictObject({ name: z.string(), healthy: z.boolean(), message: z.string(), remedy: z.string().optional() })
  .meta({ id: 'HealthCheck' });
export type HealthCheck = z.infer<typeof HealthCheck>;

/** What a service says of its own health. */
export const ServiceHealthV1 = z
  .strictObject({ service: z.string(), checks: z.array(HealthCheck) })
  .meta({ id: 'ServiceHealthV1' });
export type ServiceHealthV1 = z.infer<typeof ServiceHealthV1>;

/** The GraphQL subgraph of a service. */
export const SubgraphV1 = z
  .strictObject({ name: z.string(), url: z.string(), sdl: z.string() })
  .meta({ id: 'SubgraphV1' });
export type SubgraphV1 = z.infer<typeof SubgraphV1>;

/** One GraphQL operation on the subgraph of a service; `id` is how it can be abandoned. */
export const GraphqlOperationV1 = z
  .strictObject({
    id: z.string(),
    query: z.string(),
    variables: z.record(z.string(), z.unknown()).optional(),
    operationName: z.string().optional(),
  })
  .meta({ id: 'GraphqlOperationV1' });
export type GraphqlOperationV1 = z.infer<typeof GraphqlOperationV1>;

/** What a GraphQL operation gave, by the specification of GraphQL. */
export interface GraphqlResultV1 {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
}

/** Nobody waits for an operation any more: told to all replicas, acted on by the one that runs it. */
export const GraphqlAbandonedV1 = z.strictObject({ id: z.string() }).meta({ id: 'GraphqlAbandonedV1' });
export type GraphqlAbandonedV1 = z.infer<typeof GraphqlAbandonedV1>;
