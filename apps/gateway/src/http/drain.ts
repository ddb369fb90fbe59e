/** Whether the gateway is stopping: probes then say so, new work is refused, and what would go on without end is ended. */
export class Drain {
  draining = false;
  readonly #listeners: (() => void)[] = [];

  /** From now on no new work is taken. */
  begin(): void {
    if (this.draining) return;
    this.draining = true;
    for (const listener of this.#listeners) listener();
  }

  /** Calls back when it begins. */
  onBegin(listener: () => void): void {
    this.#listeners.push(listener);
  }
}
