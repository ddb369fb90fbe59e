import type { FieldKind, MetricDefinition } from '../metric-kind';
import { flag, keys } from '../setting';

/**
 * The share of values in the JSON expected that the answer has in the same place: of all, or of those under the top `keys` given.
 * With `strict` values that nobody expected count against it. An empty list or object is a value.
 */
export const jsonMatch: FieldKind = {
  kind: 'json',
  settings: { keys, strict: flag },
  score(expected, given, metric) {
    const right = leavesOf(chosen(expected, metric));
    const found = leavesOf(chosen(given, metric));
    const shared = [...right].filter(([path, leaf]) => found.get(path) === leaf).length;
    const all = metric['strict'] === true ? new Set([...right.keys(), ...found.keys()]).size : right.size;
    return shared / all;
  },
};

function chosen(value: unknown, { keys: wanted }: MetricDefinition): unknown {
  if (!Array.isArray(wanted) || !isObject(value)) return value;
  const names = new Set<unknown>(wanted);
  return Object.fromEntries(Object.entries(value).filter(([key]) => names.has(key)));
}

function leavesOf(value: unknown): Map<string, string> {
  const leaves = new Map<string, string>();
  collect(value ?? null, [], leaves);
  return leaves;
}

function collect(value: unknown, path: (string | number)[], leaves: Map<string, string>): void {
  const parts: [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : isObject(value)
      ? Object.entries(value)
      : [];
  if (parts.length === 0) leaves.set(JSON.stringify(path), JSON.stringify(value));
  for (const [key, part] of parts) collect(part, [...path, key], leaves);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
