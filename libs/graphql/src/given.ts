/** The arguments that were given: in GraphQL null is what was not. */
export const given = (args: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null && value !== undefined));
