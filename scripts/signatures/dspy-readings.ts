import { checkSignature, parseSignature, type SignatureSpec } from '@dspy-nest/signature';

/** What DSPy made of a text. */
export interface DspyRow {
  signature: string;
  ok: boolean;
}

/** What the language makes of a text: a spec, or the codes of what is wrong. */
export interface Reading {
  signature: string;
  spec?: SignatureSpec;
  errors?: string[];
}

/** Reads each text of DSPy by the language. */
export function dspyReadings(rows: readonly DspyRow[]): Reading[] {
  return rows.map(({ signature }) => {
    const { valid, errors } = checkSignature(signature);
    return valid
      ? { signature, spec: parseSignature(signature) }
      : { signature, errors: errors.map(({ code }) => code) };
  });
}
