/** How much of a limit is left, from 1 to 0; `null` if what was used is not known. */
export function shareLeft(used: number | null, limit: unknown): number | null {
  if (used === null || typeof limit !== 'number') return null;
  return Math.min(1, Math.max(0, 1 - used / limit));
}
