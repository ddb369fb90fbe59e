import { MigrationExecutor, type DataSource } from 'typeorm';
import { quoteIdentifier } from './identifier';

/** Creates the schema and runs what migrations are due; replicas that start at once wait for each other. */
export async function migrate(dataSource: DataSource, schema: string): Promise<void> {
  const lock = `dspy-nest:migrations:${schema}`;
  const runner = dataSource.createQueryRunner();
  try {
    // Waiting for another replica's migrations is no runaway statement.
    await runner.query('SET statement_timeout = 0');
    await runner.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [lock]);
    try {
      await runner.query(`CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(schema)}`);
      await new MigrationExecutor(dataSource, runner).executePendingMigrations();
    } finally {
      await runner.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [lock]);
      await runner.query('RESET statement_timeout');
    }
  } finally {
    await runner.release();
  }
}
