/** Injection token of the service's logger: it is a type, and so no token of its own. */
export const LOGGER = Symbol('LOGGER');
