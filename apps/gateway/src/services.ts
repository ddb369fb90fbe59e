/** The services behind the gateway: each has health, metrics and a subgraph. */
export const SERVICES = ['registry', 'execution', 'optimization'] as const;
