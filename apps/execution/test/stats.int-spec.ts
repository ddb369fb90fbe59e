import {
  REQUESTS,
  type ExecutionStatsGetV1,
  type ExecutionStatsRow,
  type ExecutionStatsV1,
} from '@dspy-nest/contracts';
import { newContext } from '@dspy-nest/platform';
import { documentedQueries } from '@dspy-nest/testing';
import { Client } from 'pg';
import { Journal } from '../src/journal/journal';
import type { FinishedExecution } from '../src/lifecycle/execution-outcome';
import { StatsService } from '../src/stats/stats.service';
import { acceptedRow } from './accepted-row';
import { countedByHand } from './counted-by-hand';
import { type RunningExecution, errorOf, startExecution } from './running-execution';

const TENANT = 'counted';
const MINUTE_MS = 60_000;
const STEP_MS = 5 * MINUTE_MS;
const ROWS = 1_500;
const FROM = new Date(Math.floor((Date.now() - 60 * MINUTE_MS) / STEP_MS) * STEP_MS);
const STATUSES = ['succeeded', 'succeeded', 'succeeded', 'failed', 'timed_out', 'cancelled'] as const;

const oneOf = <T>(values: readonly T[]): T => values[Math.floor(Math.random() * values.length)]!;
const sometimes = (value: number): number | null => (Math.random() < 0.2 ? null : value);

/** An execution that ended at most that many minutes ago, however it did. */
function ended(minutesAgo: number): FinishedExecution {
  return {
    ...acceptedRow({
      tenant: TENANT,
      program: oneOf(['qa', 'rate']),
      version: oneOf([1, 2]),
      model: oneOf(['small', 'large']),
      promptTokens: sometimes(Math.ceil(Math.random() * 900)),
      completionTokens: sometimes(Math.ceil(Math.random() * 90)),
      costUsd: sometimes(Math.random()),
    }),
    status: oneOf(STATUSES),
    // From a hundredth of a millisecond to ten minutes, as many short ones as long ones.
    totalMs: 0.01 * 6e7 ** Math.random(),
    finishedAt: new Date(Date.now() - Math.random() * minutesAgo * MINUTE_MS),
  };
}

jest.setTimeout(30_000);

describe('numbers of executions', () => {
  let service: RunningExecution;
  let stored: FinishedExecution[];

  const finish = (rows: FinishedExecution[]): Promise<unknown> =>
    Promise.all(rows.map((row) => service.app.get(Journal).finish(row)));
  const rollUp = async (since: Date): Promise<void> => {
    await service.dataSource.query('UPDATE execution.execution_stats_state SET rolled_until = $1', [since]);
    const stats = service.app.get(StatsService);
    await Promise.all([stats.rollUp(), stats.rollUp()]);
  };

  beforeAll(async () => {
    service = await startExecution();
    stored = Array.from({ length: ROWS }, () => ended(55));
    await finish(stored);
    await rollUp(FROM);
    // Stored after their time was added up, by a worker that the database kept waiting.
    const late = Array.from({ length: ROWS / 10 }, () => ended(3));
    // Told again, and not the same: the first outcome counts.
    await finish([
      ...late,
      ...stored.slice(0, 100).map((row): FinishedExecution => ({ ...row, status: 'failed', totalMs: 1 })),
    ]);
    stored.push(...late);
    await rollUp(new Date(Date.now() - 10_000));
  });
  afterAll(() => service?.stop());

  const ask = (asked: ExecutionStatsGetV1, tenant = TENANT): Promise<ExecutionStatsV1> =>
    service.client.request(newContext(tenant), REQUESTS.executionStats, { from: FROM.toISOString(), ...asked });
  const stepOf = ({ finishedAt }: FinishedExecution): string =>
    new Date(Math.floor(finishedAt.getTime() / STEP_MS) * STEP_MS).toISOString();
  const ALL = { from: FROM.toISOString(), program: null, version: null, model: null };

  it.each<[ExecutionStatsGetV1, (row: FinishedExecution) => typeof ALL | object, (row: FinishedExecution) => boolean]>([
    [{}, () => ({}), () => true],
    [{ by: ['program'] }, ({ program }) => ({ program }), () => true],
    [{ by: ['version', 'model'] }, ({ program, version, model }) => ({ program, version, model }), () => true],
    [{ interval: 'five_minutes' }, (row) => ({ from: stepOf(row) }), () => true],
    [
      { interval: 'five_minutes', by: ['model'], program: 'qa' },
      (row) => ({ from: stepOf(row), model: row.model }),
      ({ program }) => program === 'qa',
    ],
    [
      { program: 'rate', version: 2, model: 'large' },
      () => ({}),
      (row) => row.program === 'rate' && row.version === 2 && row.model === 'large',
    ],
  ])('asked for by %j are those counted one by one', async (asked, keyOf, fits) => {
    const { items } = await ask(asked);
    const expected = countedByHand(stored.filter(fits), (row) => ({ ...ALL, ...keyOf(row) }));
    expect(items).toHaveLength(expected.length);
    expect(items).toEqual(expect.arrayContaining(expected.map(nearly)));
  });

  it('come by one statement, which reads no execution, counts no row and skips none', async () => {
    const statements = jest.spyOn(Client.prototype, 'query');
    await ask({ by: ['version', 'model'], interval: 'five_minutes' });
    const texts = statements.mock.calls.map(([text]: unknown[]) => (typeof text === 'string' ? text : ''));
    statements.mockRestore();
    const reads = texts.filter((text) => text.includes('execution.execution_stats AS'));
    expect(reads).toHaveLength(1);
    expect(reads[0]).not.toMatch(/execution\.executions|count\(\*\)|OFFSET/i);
  });

  it('of nothing are no rows, and of a tenant its own', async () => {
    expect(await ask({ from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' })).toEqual({ items: [] });
    expect(await ask({}, 'other')).toEqual({ items: [] });
  });

  it('of too long a range are refused', async () => {
    const error = await errorOf(ask({ from: '2026-01-01T00:00:00Z' }));
    expect([error.code, error.message]).toEqual(['validation_failed', expect.stringContaining('at most 92 days')]);
  });

  it('are the same by GraphQL, and the guide asks for what there is', async () => {
    const url = `${await service.app.getUrl()}/graphql`;
    const headers = { 'content-type': 'application/json', 'dspy-tenant': TENANT };
    const graphql = async (query: string): Promise<{ data?: { executionStats: ExecutionStatsRow[] } }> => {
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });
      return (await response.json()) as { data?: { executionStats: ExecutionStatsRow[] } };
    };
    const { items } = await ask({ by: ['program'] });
    const query = `{ executionStats(from: "${FROM.toISOString()}", by: [PROGRAM]) { from program version model executions succeeded failed
      cancelled timedOut errorRate latency { meanMs p50Ms p95Ms p99Ms } promptTokens completionTokens costUsd unpriced } }`;
    expect(await graphql(query)).toEqual({ data: { executionStats: items } });
    const documented = documentedQueries('queries.md', ['executionStats']);
    expect(documented.length).toBeGreaterThan(1);
    for (const one of documented)
      expect(await graphql(one)).toMatchObject({ data: { executionStats: expect.any(Array) as [] } });
  });
});

/** Sums of fractions depend on their order; percentiles are at most 1 % off. */
function nearly(row: ExecutionStatsRow): object {
  const within = (value: number, share: number): unknown =>
    expect.closeTo(value, -Math.log10(2 * value * share)) as unknown;
  const { latency, costUsd } = row;
  return {
    ...row,
    costUsd: costUsd === null ? null : within(costUsd, 1e-9),
    latency: latency && {
      meanMs: within(latency.meanMs, 1e-9),
      p50Ms: within(latency.p50Ms, 0.0101),
      p95Ms: within(latency.p95Ms, 0.0101),
      p99Ms: within(latency.p99Ms, 0.0101),
    },
  };
}
