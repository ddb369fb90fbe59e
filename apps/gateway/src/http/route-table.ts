/** Knows which methods a path is served by, so that a wrong method is told apart from a wrong path. */
export class RouteTable {
  readonly #methods = new Map<string, { pattern: RegExp; methods: Set<string> }>();

  /** Remembers a route in the router's syntax: `:name` is one segment, a trailing `*` the rest. */
  add(path: string, method: string | string[]): void {
    const entry = this.#methods.get(path) ?? { pattern: toPattern(path), methods: new Set() };
    for (const name of [method].flat()) entry.methods.add(name.toUpperCase());
    this.#methods.set(path, entry);
  }

  /**
   * The methods that serve the path, sorted, OPTIONS among them; empty when it is not served at all. A path that is itself a
   * route is no value of another's parameter.
   */
  allowed(path: string): string[] {
    const written = this.#methods.get(path);
    const found = written ? [written] : [...this.#methods.values()].filter(({ pattern }) => pattern.test(path));
    if (found.length === 0) return [];
    return [...new Set(['OPTIONS', ...found.flatMap(({ methods }) => [...methods])])].sort();
  }

  /** All routes in the router's syntax, each with its methods. */
  get all(): { path: string; methods: string[] }[] {
    return [...this.#methods].map(([path, { methods }]) => ({ path, methods: [...methods] }));
  }
}

function toPattern(path: string): RegExp {
  const source = path
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/:[A-Za-z]\w*/g, '[^/]+')
    .replace(/\*$/, '.*');
  return new RegExp(`^${source}$`);
}
