const KEY_BYTES = 16;

/** A key that nobody else makes. `crypto.randomUUID` is missing on pages that did not come by https. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
