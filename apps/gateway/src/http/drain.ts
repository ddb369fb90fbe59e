/** Whether the gateway is stopping: probes then say so and new work is refused. */
export class Drain {
  draining = false;

  /** From now on no new work is taken. */
  begin(): void {
    this.draining = true;
  }
}
