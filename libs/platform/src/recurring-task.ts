/** Work that is done again and again in the background, a pause after it was done last: never twice at once in a process. */
export class RecurringTask {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  /** What `work` rejects with is told to `onFailure`, and the next time comes all the same. */
  constructor(
    private readonly work: () => Promise<unknown>,
    private readonly pauseMs: number,
    private readonly onFailure: (err: unknown) => void,
  ) {}

  /** Whether it is to end, which long work may look at. */
  get isStopped(): boolean {
    return this.stopped;
  }

  /** Begins with a pause. */
  start(): void {
    this.timer = setTimeout(() => {
      this.running = this.work()
        .catch(this.onFailure)
        .then(() => (this.stopped ? undefined : this.start()));
    }, this.pauseMs);
  }

  /** Ends once the work under way is done. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }
}
