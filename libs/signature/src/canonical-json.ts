/**
 * The one JSON text of a value after RFC 8785: members sorted by UTF-16 units, numbers as ECMAScript writes them, undefined
 * members left out. Throws `TypeError` for what JSON cannot carry (NaN, infinity, half a surrogate pair, functions).
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`;
  if (typeof value === 'object' && value !== null) return canonicalObject(value);
  return canonicalScalar(value);
}

function canonicalObject(value: object): string {
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${canonicalScalar(name)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

function canonicalScalar(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (typeof value === 'string' && !/\p{Surrogate}/u.test(value)) return JSON.stringify(value);
  throw new TypeError(`JSON cannot carry ${typeof value === 'number' ? value : nameOf(value)}.`);
}

function nameOf(value: unknown): string {
  return typeof value === 'string' ? 'half of a surrogate pair' : `a value of type ${typeof value}`;
}
