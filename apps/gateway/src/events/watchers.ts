/** Who is to be called back when something moves, by the tenant and id of the thing. */
export class Watchers {
  private readonly watchers = new Map<string, Set<() => void>>();

  /** Calls back after each move, until the function that this gives is called. */
  add(tenant: string, id: string, onMove: () => void): () => void {
    const key = keyOf(tenant, id);
    const watchers = this.watchers.get(key) ?? new Set();
    this.watchers.set(key, watchers.add(onMove));
    return () => {
      if (watchers.delete(onMove) && watchers.size === 0) this.watchers.delete(key);
    };
  }

  tell(tenant: string, id: string): void {
    for (const onMove of this.watchers.get(keyOf(tenant, id)) ?? []) onMove();
  }

  tellAll(): void {
    for (const watchers of this.watchers.values()) for (const onMove of watchers) onMove();
  }
}

const keyOf = (tenant: string, id: string): string => `${tenant}/${id}`;
