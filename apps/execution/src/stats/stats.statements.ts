import { binOf } from './latency-bins';

const KEYS = 'tenant, at, program, version, model';
const SUMS = [
  'executions',
  'succeeded',
  'failed',
  'cancelled',
  'timed_out',
  'total_ms',
  'prompt_tokens',
  'completion_tokens',
  'cost_usd',
  'unpriced',
];
const SUMMED = SUMS.map((name) => `sum(${name}) AS ${name}`).join(', ');
const countOf = (status: string): string => `count(*) FILTER (WHERE status = '${status}')`;

/**
 * Takes the place up to which all is added up, unless another replica has it or had it less than $1 ms ago; gives the time to add
 * up next, at most $2 ms long, and whether it ends now. The last five minutes are added up again: an outcome that had to wait for
 * the database is older than its row.
 */
export const HOLD = `
  SELECT since, LEAST(since + $2 * interval '1 millisecond', now()) AS until, since + $2 * interval '1 millisecond' >= now() AS last
  FROM (
    SELECT date_bin('5 minutes', rolled_until - interval '5 minutes', 'epoch') AS since FROM execution.execution_stats_state
    WHERE rolled_until <= now() - $1 * interval '1 millisecond' FOR UPDATE SKIP LOCKED
  ) AS held`;

/** Adds up what ended from $1 to before $2, in steps of five minutes. What was cancelled says nothing of how long a program takes. */
export const ROLL_UP = `
  INSERT INTO execution.execution_stats (${KEYS}, ${SUMS.join(', ')}, bins, counts)
  SELECT ${KEYS}, ${SUMMED},
    COALESCE(array_agg(bin ORDER BY bin) FILTER (WHERE bin IS NOT NULL), '{}') AS bins,
    COALESCE(array_agg(executions ORDER BY bin) FILTER (WHERE bin IS NOT NULL), '{}') AS counts
  FROM (
    SELECT tenant, date_bin('5 minutes', finished_at, 'epoch') AS at, program, version, model,
      CASE WHEN status <> 'cancelled' THEN ${binOf('total_ms')} END AS bin,
      count(*) AS executions, ${countOf('succeeded')} AS succeeded, ${countOf('failed')} AS failed,
      ${countOf('cancelled')} AS cancelled, ${countOf('timed_out')} AS timed_out,
      COALESCE(sum(total_ms) FILTER (WHERE status <> 'cancelled'), 0) AS total_ms, sum(prompt_tokens) AS prompt_tokens,
      sum(completion_tokens) AS completion_tokens, sum(cost_usd) AS cost_usd,
      count(*) FILTER (WHERE cost_usd IS NULL) AS unpriced
    FROM execution.executions WHERE finished_at >= $1 AND finished_at < $2
    GROUP BY 1, 2, 3, 4, 5, 6
  ) AS by_bin
  GROUP BY ${KEYS}
  ON CONFLICT (${KEYS}) DO UPDATE SET
    ${[...SUMS, 'bins', 'counts'].map((name) => `${name} = EXCLUDED.${name}`).join(', ')}`;

export const ADVANCE = 'UPDATE execution.execution_stats_state SET rolled_until = $1';

/**
 * The numbers of tenant $1 from $2 to before $3, by what is told apart: $4 the length of an interval, null for the whole range; $5
 * to $7 whether program, version and model are; $8 to $10 which of them, null for all. At most $11 rows.
 */
export const READ = `
  WITH chosen AS (
    SELECT stats.*, COALESCE(GREATEST(date_bin($4::interval, at, 'epoch'), $2::timestamptz), $2::timestamptz) AS start,
      CASE WHEN $5::boolean THEN program ELSE '' END AS of_program,
      CASE WHEN $6::boolean THEN version ELSE 0 END AS of_version,
      CASE WHEN $7::boolean THEN model ELSE '' END AS of_model
    FROM execution.execution_stats AS stats
    WHERE tenant = $1 AND at >= $2::timestamptz AND at < $3::timestamptz
      AND ($8::text IS NULL OR program = $8) AND ($9::int IS NULL OR version = $9) AND ($10::text IS NULL OR model = $10)
  ), sums AS (
    SELECT start, of_program, of_version, of_model, ${SUMMED} FROM chosen GROUP BY 1, 2, 3, 4
  ), by_bin AS (
    SELECT start, of_program, of_version, of_model, bin, sum(n) AS n
    FROM chosen, unnest(bins, counts) AS counted (bin, n) GROUP BY 1, 2, 3, 4, 5
  ), ranked AS (
    SELECT *, sum(n) OVER (PARTITION BY start, of_program, of_version, of_model ORDER BY bin) AS upto,
      sum(n) OVER (PARTITION BY start, of_program, of_version, of_model) AS total
    FROM by_bin
  ), percentiles AS (
    SELECT start, of_program, of_version, of_model,
      min(bin) FILTER (WHERE upto > 0.5 * (total - 1)) AS p50,
      min(bin) FILTER (WHERE upto > 0.95 * (total - 1)) AS p95,
      min(bin) FILTER (WHERE upto > 0.99 * (total - 1)) AS p99
    FROM ranked GROUP BY 1, 2, 3, 4
  )
  SELECT * FROM sums LEFT JOIN percentiles USING (start, of_program, of_version, of_model)
  ORDER BY start, of_program, of_version, of_model LIMIT $11`;
