import type { RequestContext } from '@dspy-nest/platform';
import type { DataSource, EntityManager } from 'typeorm';

/** Runs work in one transaction whose `app.tenant` is the context's, for row-level security; whatever it throws rolls back. */
export function inTransaction<T>(
  dataSource: DataSource,
  ctx: RequestContext,
  work: (manager: EntityManager) => Promise<T>,
): Promise<T> {
  return dataSource.transaction(async (manager) => {
    await manager.query(`SELECT set_config('app.tenant', $1, true)`, [ctx.tenant]);
    return work(manager);
  });
}
