import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkMetric } from './check-metric';
import { COMPOSITE } from './composite';
import { kinds } from './kinds';
import type { MetricDefinition, ScoredExample } from './metric-kind';
import { scoreExample } from './score-example';

type ScoreRow = ScoredExample & { name: string; metric: MetricDefinition; score: number | null };
interface DefinitionRow {
  name: string;
  definition: unknown;
  outputs?: string[];
  metric?: unknown;
  pointers?: string[];
}

const fixture = (name: string): unknown => JSON.parse(readFileSync(join(__dirname, '../fixtures', name), 'utf8'));
const scores = fixture('scores.json') as ScoreRow[];
const definitions = fixture('definitions.json') as DefinitionRow[];

describe('metrics', () => {
  it('of every kind have fixtures, which the worker runs too', () => {
    const names = [...kinds.map(({ kind }) => kind), COMPOSITE];
    expect([...new Set(scores.map(({ metric }) => metric.kind))]).toEqual(names);
  });

  it.each(scores)('$metric.kind: $name', ({ metric, score, ...example }) => {
    expect(checkMetric(metric)).toEqual({ ok: true, metric });
    const found = scoreExample(metric, example);
    if (score === null) expect(found).toBeNull();
    else expect(found).toBeCloseTo(score, 12);
  });

  it.each(definitions)('definition: $name', ({ definition, outputs, metric, pointers }) => {
    const check = checkMetric(definition, outputs);
    if (check.ok) expect(check.metric).toEqual(metric);
    else expect(check.faults.map(({ pointer }) => pointer)).toEqual(pointers);
  });

  it('that are refused say what is wrong, the rule and what there is', () => {
    const faults = (definition: unknown, outputs?: string[]): unknown => {
      const check = checkMetric(definition, outputs);
      return check.ok ? [] : check.faults.map(({ message }) => message);
    };
    expect(faults({ kind: 'bleu' })).toEqual([
      '"bleu" is no kind of metric; there are exact, normalized, contains, token_f1, numeric, json, label, cost, latency, judge, composite.',
    ]);
    expect(faults({ kind: 'exact', field: 'answr' }, ['answer', 'why'])).toEqual([
      'There is no output "answr"; there are answer, why.',
    ]);
    expect(faults({ kind: 'cost' })).toEqual(['"limitUsd" must be a number above 0; it is missing.']);
  });

  it('that nobody checked are not used', () => {
    const example = { expected: {}, answer: {}, costUsd: null, totalMs: null };
    expect(() => scoreExample({ kind: 'bleu' }, example)).toThrow('was not checked');
  });
});
