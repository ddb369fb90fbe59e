/**
 * The statements of the journal. Each takes one JSON array of rows, so that a batch of any size is one statement with one
 * parameter, and is a transaction by itself.
 */

const COLUMNS = `tenant text, id uuid, program_id uuid, program text, version int, signature text, status text, inputs json,
  outputs json, error json, coercions json, model text, model_id uuid, model_version int, adapter text, format text, pool text,
  lane text, program_hash text, worker text, attempt int, epoch int, timeout_ms int, deadline_at timestamptz,
  dispatched_at timestamptz, prompt_tokens int, completion_tokens int, cost_usd float8, total_ms float8, queue_ms float8,
  worker_ms float8, lm_ms float8, traceparent text, created_at timestamptz, finished_at timestamptz`;

const NAMES = COLUMNS.replaceAll(/\s+/g, ' ')
  .split(', ')
  .map((column) => column.split(' ')[0])
  .join(', ');

const OUTCOME = `status = EXCLUDED.status, outputs = EXCLUDED.outputs, error = EXCLUDED.error, coercions = EXCLUDED.coercions,
  worker = COALESCE(EXCLUDED.worker, executions.worker), attempt = GREATEST(EXCLUDED.attempt, executions.attempt),
  prompt_tokens = EXCLUDED.prompt_tokens, completion_tokens = EXCLUDED.completion_tokens, cost_usd = EXCLUDED.cost_usd,
  total_ms = EXCLUDED.total_ms, queue_ms = EXCLUDED.queue_ms, worker_ms = EXCLUDED.worker_ms, lm_ms = EXCLUDED.lm_ms,
  finished_at = EXCLUDED.finished_at`;

/** Writes acceptances; returns the ids that were new. */
export const ACCEPT = `
  INSERT INTO execution.executions (${NAMES})
  SELECT ${NAMES} FROM json_to_recordset($1::json) AS r(${COLUMNS})
  ON CONFLICT (tenant, id) DO NOTHING
  RETURNING id`;

/**
 * Writes outcomes, with or without their acceptance being there, and the public event of each in the same transaction. The
 * first outcome of an execution wins; returns the ids whose outcome this was.
 */
export const FINISH = `
  WITH rows AS (
    SELECT * FROM json_to_recordset($1::json) AS r(${COLUMNS}, event_subject text, event json)
  ), applied AS (
    INSERT INTO execution.executions (${NAMES})
    SELECT ${NAMES} FROM rows
    ON CONFLICT (tenant, id) DO UPDATE SET ${OUTCOME}
    WHERE executions.status = ANY($2)
    RETURNING id
  ), announced AS (
    INSERT INTO execution.outbox (tenant, subject, event)
    SELECT rows.tenant, rows.event_subject, rows.event FROM rows JOIN applied USING (id)
  )
  SELECT id FROM applied`;

/** Writes that executions have begun; one that has ended, or is on a later attempt, stays as it is. */
export const START = `
  UPDATE execution.executions AS e
  SET status = 'running', worker = r.worker, attempt = r.attempt
  FROM json_to_recordset($1::json) AS r(tenant text, id uuid, worker text, attempt int)
  WHERE e.tenant = r.tenant AND e.id = r.id AND e.status IN ('queued', 'running') AND e.attempt < r.attempt
  RETURNING e.id`;
