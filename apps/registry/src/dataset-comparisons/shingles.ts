const SHINGLE_CHARS = 5;
const TEXT_MAX_CHARS = 10_000;
const WORD = /[\p{L}\p{N}]+/gu;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const { imul } = Math;

/**
 * The set of hashes of all runs of five characters of a text, without regard to case, punctuation and white space. Of what is very
 * long only the beginning is looked at. k-shingling: Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, 3.2.
 */
export function shinglesOf(values: Readonly<Record<string, unknown>>): Set<number> {
  const text = normalised(Object.values(values));
  const shingles = new Set<number>();
  const last = text.length > SHINGLE_CHARS ? text.length - SHINGLE_CHARS : 0;
  for (let at = 0; at <= last; at += 1) {
    shingles.add(fnv1a(text, at, at + SHINGLE_CHARS < text.length ? at + SHINGLE_CHARS : text.length));
  }
  return shingles;
}

function normalised(values: readonly unknown[]): string {
  const texts = values.map((value) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')));
  const text = texts.join('\n').slice(0, TEXT_MAX_CHARS).normalize('NFKC').toLowerCase();
  return (text.match(WORD) ?? []).join(' ');
}

function fnv1a(text: string, from: number, to: number): number {
  let hash = FNV_OFFSET;
  for (let at = from; at < to; at += 1) hash = imul(hash ^ text.charCodeAt(at), FNV_PRIME);
  return hash >>> 0;
}
