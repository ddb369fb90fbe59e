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
