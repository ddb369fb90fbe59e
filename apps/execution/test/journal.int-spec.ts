import { finishedByPlatform } from '../src/lifecycle/execution-outcome';
import { Journal } from '../src/journal/journal';
import { acceptedRow } from './accepted-row';
import { type RunningExecution, startExecution } from './running-execution';

describe('the journal', () => {
  let service: RunningExecution;

  beforeAll(async () => {
    service = await startExecution();
  });
  afterAll(() => service.stop());

  const deadlocks = async (): Promise<number> => {
    await service.dataSource.query('SELECT pg_stat_force_next_flush()');
    const sql = 'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()';
    const [row] = await service.dataSource.query<{ deadlocks: number }[]>(sql);
    return row?.deadlocks ?? Number.NaN;
  };

  it('writes acceptances, starts and outcomes of the same executions at once, without one waiting for the other', async () => {
    const journal = service.app.get(Journal);
    for (let round = 0; round < 5; round += 1) {
      const rows = Array.from({ length: 200 }, () => acceptedRow());
      const accepted = rows.map((row) => journal.accept(row));
      const started = rows.map(({ tenant, id: executionId }) =>
        journal.start({ tenant, executionId, epoch: 1, worker: 'w', attempt: 1 }),
      );
      const finished = rows.toReversed().map((row) => journal.finish(finishedByPlatform(row, 'cancelled', 5)));
      await Promise.all([...accepted, ...started]);
      expect(await Promise.all(finished)).not.toContain(null);
    }
    const sql = 'SELECT status, count(*)::int FROM execution.executions GROUP BY status';
    expect(await service.dataSource.query(sql)).toEqual([{ status: 'cancelled', count: 1_000 }]);
    expect(await deadlocks()).toBe(0);
  });
});
