/** What a value is called once there were too many. */
const OTHER = 'other';

/** The first `max` values of a label as they are, and all others as `other`: each value is a series that Prometheus keeps. */
export class BoundedLabel {
  private readonly known = new Set<string>();

  constructor(private readonly max: number) {}

  of(value: string): string {
    if (this.known.has(value)) return value;
    if (this.known.size >= this.max) return OTHER;
    this.known.add(value);
    return value;
  }
}
