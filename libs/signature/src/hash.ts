import { canonicalJson } from './canonical-json';
import { sha256Hex } from './sha256';
import type { SignatureSpec } from './spec';

/** What a hash covers: everything but name, version and the hash itself. */
export type HashedContent = Pick<SignatureSpec, 'definition' | 'instructions' | 'inputs' | 'outputs'>;

/** The identity of a signature's content: SHA-256, in hexadecimal, of its RFC 8785 form. */
export function hashSpec({ definition, instructions, inputs, outputs }: HashedContent): string {
  return sha256Hex(canonicalJson({ definition, instructions, inputs, outputs }));
}
