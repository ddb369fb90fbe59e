import type { PreparedStatement } from '@dspy-nest/persistence';

/**
 * The statements of the journal. Each takes one JSON array of rows, so that a batch of any size is one statement with one
 * parameter, and is a transaction by itself. All take rows in the order of their keys: two that hold the same executions in
 * another order would wait for each other, until Postgres ends one of them a second later.
 */

const COLUMNS = `tenant text, id uuid, program_id uuid, program text, version int, signature text, status text, inputs json,
  outputs json, error json, coercions json, model text, model_id uuid, model_version int, adapter text, format text, fallback boolean, pool text,
  lane text, program_hash text, worker text, attempt int, epoch int, timeout_ms int, limits json, max_retries int,
  record boolean, stream boolean, last_sequence int, deadline_at timestamptz,
  dispatched_at timestamptz, prompt_tokens int, completion_tokens int, cost_usd float8, total_ms float8, queue_ms float8,
  worker_ms float8, lm_ms float8, parse_ms float8, recovery json, cached boolean, cache_key text,
  cache_ttl_s int, ensemble json, batch_id uuid, batch_index int, rerun_of uuid, replay_of uuid, traceparent text,
  created_at timestamptz, finished_at timestamptz`;

const NAMES = COLUMNS.replaceAll(/\s+/g, ' ')
  .split(', ')
  .map((column) => column.split(' ')[0])
  .join(', ');

const OUTCOME = `status = EXCLUDED.status, model = EXCLUDED.model, model_id = EXCLUDED.model_id,
  model_version = EXCLUDED.model_version, ${ranAs('adapter')}, ${ranAs('format')}, outputs = EXCLUDED.outputs, error = EXCLUDED.error, coercions = EXCLUDED.coercions,
  worker = COALESCE(EXCLUDED.worker, executions.worker), attempt = GREATEST(EXCLUDED.attempt, executions.attempt),
  prompt_tokens = EXCLUDED.prompt_tokens, completion_tokens = EXCLUDED.completion_tokens, cost_usd = EXCLUDED.cost_usd,
  total_ms = EXCLUDED.total_ms, queue_ms = EXCLUDED.queue_ms, worker_ms = EXCLUDED.worker_ms, lm_ms = EXCLUDED.lm_ms,
  parse_ms = EXCLUDED.parse_ms, recovery = EXCLUDED.recovery, cached = EXCLUDED.cached, finished_at = EXCLUDED.finished_at,
  last_sequence = EXCLUDED.last_sequence`;

/** How it ran, as whoever ran it says; what the platform ends itself may have moved on since it was read. */
function ranAs(column: string): string {
  return `${column} = CASE WHEN EXCLUDED.worker IS NULL THEN executions.${column} ELSE EXCLUDED.${column} END`;
}

/** Writes acceptances; returns the ids that were new. */
export const ACCEPT: PreparedStatement = {
  name: 'accept_executions',
  text: `
  INSERT INTO execution.executions (${NAMES})
  SELECT ${NAMES} FROM json_to_recordset($1::json) AS r(${COLUMNS}) ORDER BY tenant, id
  ON CONFLICT (tenant, id) DO NOTHING
  RETURNING id`,
};

/**
 * Writes outcomes, with or without their acceptance being there, and with each in the same transaction its public event, its
 * model calls and, when the fleet gave it up, its dead letter. The first outcome of an execution wins; returns the ids whose
 * outcome this was, and where the event of each is in the outbox.
 */
export const FINISH: PreparedStatement = { name: 'finish_executions', text: finishing('') };

/** The same where rows of batches are among them: what became of these is added to their batches, one write for each batch. */
export const FINISH_COUNTED: PreparedStatement = {
  name: 'finish_batch_rows',
  text: finishing(`, counted AS (
    SELECT rows.tenant, rows.batch_id AS id, count(*) FILTER (WHERE status = 'succeeded') AS succeeded,
      count(*) FILTER (WHERE status = 'failed') AS failed, count(*) FILTER (WHERE status = 'cancelled') AS cancelled,
      count(*) FILTER (WHERE status = 'timed_out') AS timed_out, sum(prompt_tokens) AS prompt_tokens,
      sum(completion_tokens) AS completion_tokens, sum(cost_usd) AS cost_usd,
      count(*) FILTER (WHERE cost_usd IS NULL) AS unpriced
    FROM rows JOIN applied USING (id) WHERE rows.batch_id IS NOT NULL GROUP BY rows.tenant, rows.batch_id
  ), locked AS (
    SELECT b.tenant, b.id FROM execution.batches AS b JOIN counted USING (tenant, id) ORDER BY b.tenant, b.id FOR UPDATE OF b
  ), added AS (
    UPDATE execution.batches AS b SET succeeded = b.succeeded + c.succeeded, failed = b.failed + c.failed,
      cancelled = b.cancelled + c.cancelled, timed_out = b.timed_out + c.timed_out, unpriced = b.unpriced + c.unpriced,
      ${addUp('prompt_tokens')}, ${addUp('completion_tokens')}, ${addUp('cost_usd')}
    FROM counted AS c JOIN locked USING (tenant, id)
    WHERE b.tenant = c.tenant AND b.id = c.id
  )`),
};

/** A sum of what is known: null until something is. */
function addUp(column: string): string {
  return `${column} = CASE WHEN c.${column} IS NULL THEN b.${column} ELSE COALESCE(b.${column}, 0) + c.${column} END`;
}

function finishing(more: string): string {
  return `
  WITH rows AS (
    SELECT * FROM json_to_recordset($1::json) AS r(${COLUMNS}, event_subject text, event json, calls json, dead_letter_id uuid,
      job_subject text)
  ), applied AS (
    INSERT INTO execution.executions (${NAMES})
    SELECT ${NAMES} FROM rows ORDER BY tenant, id
    ON CONFLICT (tenant, id) DO UPDATE SET ${OUTCOME}
    WHERE executions.status = ANY($2)
    RETURNING id
  ), announced AS (
    INSERT INTO execution.outbox (tenant, subject, event)
    SELECT rows.tenant, rows.event_subject, rows.event FROM rows JOIN applied USING (id)
    RETURNING id AS outbox_id, (event->>'subject')::uuid AS id
  ), recorded AS (
    INSERT INTO execution.model_calls (tenant, execution_id, calls, created_at)
    SELECT rows.tenant, rows.id, rows.calls, rows.created_at FROM rows JOIN applied USING (id) WHERE rows.calls IS NOT NULL
    ON CONFLICT (tenant, execution_id) DO NOTHING
  ), given_up AS (
    INSERT INTO execution.dead_letters (tenant, id, execution_id, program, subject, code, message, attempts, worker, created_at)
    SELECT rows.tenant, rows.dead_letter_id, rows.id, rows.program, rows.job_subject, rows.error->>'code',
      rows.error->>'message', rows.attempt, rows.worker, rows.finished_at
    FROM rows JOIN applied USING (id) WHERE rows.dead_letter_id IS NOT NULL
  )${more}
  SELECT id, outbox_id FROM announced`;
}

/** Writes that executions have begun; one that has ended, or is on a later attempt, stays as it is. */
export const START: PreparedStatement = {
  name: 'start_executions',
  text: `
  WITH begun AS (
    SELECT e.tenant, e.id, r.worker, r.attempt
    FROM execution.executions AS e
    JOIN json_to_recordset($1::json) AS r(tenant text, id uuid, worker text, attempt int) USING (tenant, id)
    WHERE e.status IN ('queued', 'running') AND e.attempt < r.attempt
    ORDER BY e.tenant, e.id
    FOR UPDATE OF e
  )
  UPDATE execution.executions AS e
  SET status = 'running', worker = begun.worker, attempt = begun.attempt
  FROM begun
  WHERE e.tenant = begun.tenant AND e.id = begun.id
  RETURNING e.id`,
};
