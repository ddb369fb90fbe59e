import type { SubgraphV1 } from '@dspy-nest/contracts';
import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';

/** The supergraph of some subgraphs, or why they do not fit together. */
export type Composition = { supergraph: string } | { problem: string };

/** Composes subgraphs; what does not parse or fit is told, never thrown, so that the schema served before can stay. */
export function compose(subgraphs: readonly Pick<SubgraphV1, 'name' | 'sdl'>[]): Composition {
  try {
    const services = subgraphs.map(({ name, sdl }) => ({ name, url: `nats:${name}`, typeDefs: parse(sdl) }));
    const { supergraphSdl, errors } = composeServices(services);
    if (supergraphSdl !== undefined) return { supergraph: supergraphSdl };
    return { problem: `The schemas do not fit together: ${(errors ?? []).map(({ message }) => message).join('; ')}` };
  } catch (error) {
    return { problem: `A schema cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}
