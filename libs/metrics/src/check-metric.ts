import { COMPOSITE } from './composite';
import { judgesOf } from './judges';
import { findKind, kinds } from './kinds';
import type { MetricDefinition } from './metric-kind';
import type { Setting } from './setting';

/** One thing that is wrong in a definition: where, and the rule. */
export interface MetricFault {
  /** A JSON pointer into the definition. */
  readonly pointer: string;
  readonly message: string;
}

/** A definition held against the rules: the metric with every field named, or what is wrong. */
export type MetricCheck =
  | { readonly ok: true; readonly metric: MetricDefinition }
  | { readonly ok: false; readonly faults: readonly MetricFault[] };

/** How large a composite may be, and how many judges it may ask. */
export const metricLimits = { parts: 10, depth: 3, judges: 5, fieldLength: 200 } as const;

interface Place {
  readonly pointer: string;
  readonly depth: number;
  readonly outputs: readonly string[] | undefined;
  readonly faults: MetricFault[];
}

/**
 * Checks the definition of a metric. With the names of a program's `outputs` every field must be one of them, and a field that is not
 * named is the only one there is; without them it stays open.
 */
export function checkMetric(definition: unknown, outputs?: readonly string[]): MetricCheck {
  const faults: MetricFault[] = [];
  const metric = checked(definition, { pointer: '', depth: 1, outputs, faults });
  if (metric === undefined || faults.length > 0) return { ok: false, faults };
  if (judgesOf(metric).length <= metricLimits.judges) return { ok: true, metric };
  return { ok: false, faults: [{ pointer: '', message: `A metric asks at most ${metricLimits.judges} judges.` }] };
}

function checked(definition: unknown, place: Place): MetricDefinition | undefined {
  if (!isObject(definition))
    return fail(place, '', 'A metric is an object such as {"kind": "exact", "field": "answer"}.');
  const { kind: name } = definition;
  if (name === COMPOSITE) return checkedComposite(definition, place);
  const kind = typeof name === 'string' ? findKind(name) : undefined;
  if (kind === undefined) {
    const known = [...kinds.map(({ kind: each }) => each), COMPOSITE].join(', ');
    return fail(place, '/kind', `${shown(name)} is no kind of metric; there are ${known}.`);
  }
  const hasField = !('scoreRun' in kind);
  checkSettings(definition, { settings: kind.settings, hasField }, place);
  const metric = { ...definition, kind: kind.kind };
  return hasField ? withField(metric, place) : metric;
}

function checkSettings(
  definition: Record<string, unknown>,
  { settings, hasField }: { settings: Readonly<Record<string, Setting>>; hasField: boolean },
  place: Place,
): void {
  const known = ['kind', ...(hasField ? ['field'] : []), ...Object.keys(settings)];
  refuseUnknown(definition, known, place);
  for (const [name, setting] of Object.entries(settings)) {
    const value = definition[name];
    if (value === undefined && !setting.required) continue;
    const fault = setting.fault(value);
    if (fault !== undefined) fail(place, `/${name}`, `"${name}" ${fault}; it is ${shown(value)}.`);
  }
}

function withField(metric: { kind: string; field?: unknown }, place: Place): MetricDefinition | undefined {
  const { field, ...rest } = metric;
  const { outputs } = place;
  if (field === undefined) {
    if (outputs === undefined) return rest;
    const [only] = outputs;
    if (outputs.length === 1 && only !== undefined) return { ...rest, field: only };
    return fail(place, '/field', `"field" must say which output is compared: ${outputs.join(', ')}.`);
  }
  if (typeof field !== 'string' || field === '' || field.length > metricLimits.fieldLength)
    return fail(place, '/field', `"field" must be the name of an output; it is ${shown(field)}.`);
  if (outputs !== undefined && !outputs.includes(field))
    return fail(place, '/field', `There is no output "${field}"; there are ${outputs.join(', ')}.`);
  return { ...rest, field };
}

function checkedComposite(definition: Record<string, unknown>, place: Place): MetricDefinition | undefined {
  refuseUnknown(definition, ['kind', 'parts'], place);
  const { parts } = definition;
  const { parts: maxParts, depth: maxDepth } = metricLimits;
  if (place.depth > maxDepth) return fail(place, '', `Composites stand in each other at most ${maxDepth} deep.`);
  if (!Array.isArray(parts) || parts.length === 0 || parts.length > maxParts)
    return fail(place, '/parts', `"parts" must be a list of 1 to ${maxParts} objects {"weight", "metric"}.`);
  return { kind: COMPOSITE, parts: parts.map((part: unknown, index) => checkedPart(part, index, place)) };
}

function checkedPart(part: unknown, index: number, place: Place): unknown {
  const here = { ...place, pointer: `${place.pointer}/parts/${index}` };
  if (!isObject(part)) return fail(here, '', 'A part is an object {"weight", "metric"}.');
  refuseUnknown(part, ['weight', 'metric'], here);
  const { weight } = part;
  if (typeof weight !== 'number' || !Number.isFinite(weight) || weight <= 0)
    fail(here, '/weight', `"weight" must be a number above 0; it is ${shown(weight)}.`);
  const metric = checked(part['metric'], { ...here, pointer: `${here.pointer}/metric`, depth: place.depth + 1 });
  return { weight, metric };
}

function refuseUnknown(given: Record<string, unknown>, known: readonly string[], place: Place): void {
  for (const name of Object.keys(given))
    if (!known.includes(name))
      fail(
        place,
        `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
        `There is no setting "${name.slice(0, 40)}" here; there are ${known.join(', ')}.`,
      );
}

function fail(place: Place, below: string, message: string): undefined {
  place.faults.push({ pointer: `${place.pointer}${below}`, message });
  return undefined;
}

function shown(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value).slice(0, 80);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
