import { contains } from './kinds/contains';
import { cost } from './kinds/cost';
import { exact } from './kinds/exact';
import { jsonMatch } from './kinds/json-match';
import { judge } from './kinds/judge';
import { label } from './kinds/label';
import { latency } from './kinds/latency';
import { normalized } from './kinds/normalized';
import { numeric } from './kinds/numeric';
import { tokenF1 } from './kinds/token-f1';
import type { FieldKind, RunKind } from './metric-kind';

/** Every kind of metric but `composite`, which is made of others. A new one is a file in `kinds/` and a line here. */
export const kinds: readonly (FieldKind | RunKind)[] = [
  exact,
  normalized,
  contains,
  tokenF1,
  numeric,
  jsonMatch,
  label,
  cost,
  latency,
  judge,
];

const byName = new Map(kinds.map((kind) => [kind.kind, kind]));

/** The kind of that name. */
export function findKind(name: string): FieldKind | RunKind | undefined {
  return byName.get(name);
}
