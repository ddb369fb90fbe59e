import { type RequestContext } from '@dspy-nest/platform';

interface Batch<Ref, Value> {
  refs: Map<string, Ref>;
  values: Promise<Map<string, Value>>;
}

/** Fetches what the many fields of one GraphQL request ask for singly in as few queries as it can. */
export class RequestLoader<Ref, Value extends Ref> {
  // A context lives as long as its request, and so does what was asked for in it.
  private readonly open = new WeakMap<RequestContext, Batch<Ref, Value>>();

  constructor(
    private readonly fetch: (ctx: RequestContext, refs: Ref[]) => Promise<Value[]>,
    private readonly keyOf: (ref: Ref) => string,
  ) {}

  /** The value, null when there is none. Rejects as the fetch does. */
  async load(ctx: RequestContext, ref: Ref): Promise<Value | null> {
    const batch = this.open.get(ctx) ?? this.begin(ctx);
    const key = this.keyOf(ref);
    batch.refs.set(key, ref);
    return (await batch.values).get(key) ?? null;
  }

  private begin(ctx: RequestContext): Batch<Ref, Value> {
    const refs = new Map<string, Ref>();
    const values = new Promise<Map<string, Value>>((resolve, reject) => {
      // After all resolvers of this level of the query have asked.
      setImmediate(() => {
        this.open.delete(ctx);
        this.fetch(ctx, [...refs.values()]).then(
          (found) => resolve(new Map(found.map((value) => [this.keyOf(value), value]))),
          reject,
        );
      });
    });
    const batch = { refs, values };
    this.open.set(ctx, batch);
    return batch;
  }
}
