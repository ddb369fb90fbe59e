/** Where Nest finds the logger: it is a type, and so no token of its own. */
export const LOGGER = Symbol('logger');
