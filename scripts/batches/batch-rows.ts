/** How a row is to end. */
export type Expected = 'succeeded' | 'invalid_inputs' | 'malformed_request' | 'model_error';

const FAULTY: readonly Expected[] = ['invalid_inputs', 'malformed_request', 'model_error'];
const ONE_IN = 100;
const HEX_DIGITS = 24;

/** The nonce of a row, by which its answer is known. */
export function nonceOfRow(index: number): string {
  return `key-${index.toString(16).padStart(HEX_DIGITS, '0')}`;
}

/** One row in a hundred fails: by its inputs, by its form, or by its model, in turn. */
export function expectedOf(index: number): Expected {
  if (index % ONE_IN !== ONE_IN - 1) return 'succeeded';
  return FAULTY[Math.floor(index / ONE_IN) % FAULTY.length] ?? 'succeeded';
}

/** The line of a row. */
export function lineOf(index: number): string {
  const nonce = nonceOfRow(index);
  const lines: Record<Expected, () => string> = {
    succeeded: () => JSON.stringify({ nonce }),
    model_error: () => JSON.stringify({ nonce: `refused-${nonce}` }),
    invalid_inputs: () => JSON.stringify({ nonsense: nonce }),
    malformed_request: () => `{"nonce": "${nonce}"`,
  };
  return lines[expectedOf(index)]();
}
