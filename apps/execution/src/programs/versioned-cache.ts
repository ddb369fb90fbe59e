/**
 * Answers that stay true until an event says otherwise. Questions asked at once share one answer; an answer that was under way
 * when the cache was told to forget is given to those who asked, but not kept.
 */
export class VersionedCache<Value> {
  private readonly entries = new Map<string, Promise<Value>>();

  constructor(private readonly maxEntries: number) {}

  /** The kept answer, or the one that `load` gives; a failed `load` is not kept. */
  get(key: string, load: () => Promise<Value>): Promise<Value> {
    const kept = this.entries.get(key);
    if (kept !== undefined) return kept;
    const loading = load();
    this.entries.set(key, loading);
    loading.catch(() => this.drop(key, loading));
    this.evictOldest();
    return loading;
  }

  /** Forgets every answer whose key begins so. */
  forget(prefix: string): void {
    for (const key of this.entries.keys()) if (key.startsWith(prefix)) this.entries.delete(key);
  }

  private drop(key: string, loading: Promise<Value>): void {
    if (this.entries.get(key) === loading) this.entries.delete(key);
  }

  private evictOldest(): void {
    if (this.entries.size <= this.maxEntries) return;
    const oldest = this.entries.keys().next();
    if (!oldest.done) this.entries.delete(oldest.value);
  }
}
