import { createHash } from 'node:crypto';
import type { JsonObject } from '@dspy-nest/contracts';
import { type RequestContext, ValidationFailedError } from '@dspy-nest/platform';
import { canonicalJson } from '@dspy-nest/signature';
import type { EntityManager, QueryRunner } from 'typeorm';
import { IdempotencyKeyReusedError, MalformedIdempotencyKeyError } from './idempotency-keys.errors';
import { quoteIdentifier } from './identifier';

const KEPT_MS = 86_400_000;
const VISIBLE_ASCII = /^[\x21-\x7e]{1,255}$/;

/** A request that its caller may send again under the same key. */
export interface KeyedRequest {
  readonly tenant: string;
  readonly key: string;
  /** SHA-256, in hexadecimal, of what is asked. */
  readonly hash: string;
}

/** What came of the first request with a key. */
export interface FirstRequest {
  /** The id of what the request made. */
  readonly subjectId: string;
  /** What was answered, if the service keeps that beside the key. */
  readonly answer: JsonObject | null;
}

interface KeyRow {
  request_hash: string;
  subject_id: string;
  answer: JsonObject | null;
}

/**
 * The request as its key knows it, or undefined when it came without a key. `request` is everything but what the platform adds
 * by itself, such as an id. Throws MalformedIdempotencyKeyError, and ValidationFailedError for text that is no Unicode.
 */
export function keyedRequest(
  { tenant, idempotencyKey: key }: RequestContext,
  operation: string,
  request: object,
): KeyedRequest | undefined {
  if (key === undefined) return undefined;
  if (!VISIBLE_ASCII.test(key)) throw new MalformedIdempotencyKeyError();
  return { tenant, key, hash: createHash('sha256').update(canonicalText({ operation, request })).digest('hex') };
}

function canonicalText(value: object): string {
  try {
    return canonicalJson(value);
  } catch (cause) {
    const message = 'Text must be well-formed Unicode; remove half surrogate pairs.';
    throw new ValidationFailedError(message, [{ pointer: '', code: 'unstorable_text', message }], { cause });
  }
}

/** Creates the table of idempotency keys of a schema; for a migration. */
export async function createIdempotencyKeysTable(queryRunner: QueryRunner, schema: string): Promise<void> {
  const table = `${quoteIdentifier(schema)}.idempotency_keys`;
  await queryRunner.query(`
    CREATE TABLE ${table} (
      tenant text NOT NULL,
      key text NOT NULL,
      request_hash text NOT NULL,
      subject_id uuid NOT NULL,
      answer json,
      created_at timestamptz NOT NULL,
      PRIMARY KEY (tenant, key)
    )`);
  await queryRunner.query(`CREATE INDEX idempotency_keys_by_age ON ${table} (created_at)`);
}

/** The idempotency keys of a service, each kept for 24 h from its first request. */
export class IdempotencyKeys {
  private readonly table: string;

  constructor(schema: string) {
    this.table = `${quoteIdentifier(schema)}.idempotency_keys`;
  }

  /** What came of the first request with the key, or null when there was none; throws IdempotencyKeyReusedError. */
  async first(manager: EntityManager, request: KeyedRequest, now: Date): Promise<FirstRequest | null> {
    const rows = await manager.query<KeyRow[]>(
      `SELECT request_hash, subject_id, answer FROM ${this.table} WHERE tenant = $1 AND key = $2 AND created_at > $3`,
      [request.tenant, request.key, expiry(now)],
    );
    const [row] = rows;
    if (row === undefined) return null;
    if (row.request_hash !== request.hash) throw new IdempotencyKeyReusedError(request.key);
    return { subjectId: row.subject_id, answer: row.answer };
  }

  /**
   * Gives the key to this request, in the transaction that makes its subject: resolves to null, or to what came of the first
   * request when there was one. Waits while another transaction holds the key; throws IdempotencyKeyReusedError.
   */
  async claim(
    manager: EntityManager,
    request: KeyedRequest,
    subjectId: string,
    now: Date,
  ): Promise<FirstRequest | null> {
    const claimed = await manager.query<unknown[]>(
      `INSERT INTO ${this.table} AS kept (tenant, key, request_hash, subject_id, created_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (tenant, key) DO UPDATE
       SET request_hash = EXCLUDED.request_hash, subject_id = EXCLUDED.subject_id, answer = NULL,
         created_at = EXCLUDED.created_at
       WHERE kept.created_at <= $6
       RETURNING 1`,
      [request.tenant, request.key, request.hash, subjectId, now, expiry(now)],
    );
    // A conflict locks the row it met: it cannot be purged before it is read.
    return claimed.length > 0 ? null : this.first(manager, request, now);
  }

  /** Keeps the answer to the request that holds the key, in the same transaction. */
  async settle(manager: EntityManager, { tenant, key }: KeyedRequest, answer: JsonObject): Promise<void> {
    await manager.query(`UPDATE ${this.table} SET answer = $3 WHERE tenant = $1 AND key = $2`, [
      tenant,
      key,
      JSON.stringify(answer),
    ]);
  }

  /** Deletes at most `limit` keys that are older than 24 h; resolves to how many. Replicas do not wait for each other. */
  async purge(manager: EntityManager, now: Date, limit: number): Promise<number> {
    const [, deleted] = await manager.query<[unknown[], number]>(
      `DELETE FROM ${this.table} WHERE (tenant, key) IN (
         SELECT tenant, key FROM ${this.table} WHERE created_at <= $1 ORDER BY created_at LIMIT $2
         FOR UPDATE SKIP LOCKED)`,
      [expiry(now), limit],
    );
    return deleted;
  }
}

const expiry = (now: Date): Date => new Date(now.getTime() - KEPT_MS);
