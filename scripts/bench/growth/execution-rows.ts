import type { Client } from 'pg';

/** Programs that the rows are spread over; the first is the one that is executed. */
export const PROGRAMS_FILLED = 20;

const BATCH_ROWS = 100_000;
const BETWEEN_ROWS_MS = 100;
const TABLES = ['execution.executions', 'execution.model_calls'];

/**
 * Copies an execution that the platform has stored until there are `target` rows, with its model calls, so that rows
 * are as large as real ones; the copies are older than all that is there, 100 ms apart.
 */
export async function fillExecutions(client: Client, program: string, target: number): Promise<void> {
  const [template] = await rows<{ id: string }>(
    client,
    `SELECT id FROM execution.executions WHERE program = $1 AND status = 'succeeded' LIMIT 1`,
    [program],
  );
  if (template === undefined) throw new Error('There is no stored execution to copy.');
  const copy = await copyStatement(client);
  let count = await countExecutions(client);
  while (count < target) {
    const last = Math.min(target, count + BATCH_ROWS);
    await client.query(copy, [template.id, count + 1, last, PROGRAMS_FILLED, program]);
    count = last;
  }
  for (const table of TABLES) await client.query(`VACUUM ANALYZE ${table}`);
  // What the fill left to write would otherwise be written while something is measured.
  await client.query('CHECKPOINT');
}

/** Removes all executions but one. */
export async function keepOneExecution(client: Client): Promise<void> {
  const other = '(SELECT max(id::text)::uuid FROM execution.executions)';
  await client.query(`DELETE FROM execution.model_calls WHERE execution_id <> ${other}`);
  await client.query(`DELETE FROM execution.executions WHERE id <> ${other}`);
}

/** How many executions are stored. */
export async function countExecutions(client: Client): Promise<number> {
  const [counted] = await rows<{ count: string }>(client, 'SELECT count(*) FROM execution.executions');
  return Number(counted?.count);
}

/** What the executions and their model calls take on disk, in MiB. */
export async function sizeMib(client: Client): Promise<number> {
  const sum = TABLES.map((table) => `pg_total_relation_size('${table}')`).join(' + ');
  const [size] = await rows<{ bytes: string }>(client, `SELECT ${sum} AS bytes`);
  return Number(size?.bytes) / 1_048_576;
}

/** Ids of executions from everywhere in the table. */
export async function someIds(client: Client, count: number): Promise<string[]> {
  const statement = 'SELECT id FROM execution.executions ORDER BY random() LIMIT $1';
  return (await rows<{ id: string }>(client, statement, [count])).map(({ id }) => id);
}

/** A time that nine of ten executions are younger than. */
export async function timeOfOldTenth(client: Client): Promise<string> {
  const statement =
    'SELECT min(created_at) + 0.1 * (max(created_at) - min(created_at)) AS at FROM execution.executions';
  const [found] = await rows<{ at: Date }>(client, statement);
  if (found === undefined) throw new Error('There are no executions.');
  return found.at.toISOString();
}

// Columns are read from the database, so that a column that is added later is copied too.
async function copyStatement(client: Client): Promise<string> {
  const found = await rows<{ name: string }>(
    client,
    `SELECT column_name AS name FROM information_schema.columns WHERE table_schema = 'execution' AND table_name = 'executions'`,
  );
  const moved: Readonly<Record<string, string>> = {
    id: 'uuidv7(made.at - clock_timestamp())',
    program: `CASE made.n % $4 WHEN 0 THEN $5 ELSE $5 || '-' || made.n % $4 END`,
    created_at: 'made.at',
    dispatched_at: 'made.at',
    finished_at: 'made.at + (template.finished_at - template.created_at)',
  };
  const names = found.map(({ name }) => name);
  const values = names.map((name) => moved[name] ?? `template.${name}`);
  // The oldest first, as rows come in reality.
  return `
    WITH copied AS (
      INSERT INTO execution.executions (${names.join(', ')})
      SELECT ${values.join(', ')}
      FROM execution.executions AS template,
        (SELECT n, date_trunc('hour', now()) - interval '1 hour' - n * interval '${BETWEEN_ROWS_MS} ms' AS at
         FROM generate_series($3::int, $2::int, -1) AS n) AS made
      WHERE template.id = $1
      RETURNING tenant, id, created_at
    )
    INSERT INTO execution.model_calls (tenant, execution_id, calls, created_at)
    SELECT copied.tenant, copied.id, template.calls, copied.created_at
    FROM copied, execution.model_calls AS template WHERE template.execution_id = $1`;
}

async function rows<T extends object>(client: Client, statement: string, values: unknown[] = []): Promise<T[]> {
  return (await client.query<T>(statement, values)).rows;
}
