const FIRST_MS = 250;
const LONGEST_MS = 15_000;

/** How long to wait before the given restart (0 is the first): doubling from 250 ms to 15 s. */
export function backOffMs(restart: number): number {
  return Math.min(FIRST_MS * 2 ** Math.min(restart, 16), LONGEST_MS);
}
