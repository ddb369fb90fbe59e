export { postgresOptions, type PostgresOptions } from './postgres-options';
export { openDataSource, PersistenceModule } from './persistence.module';
export { preparedQuery, type PreparedStatement } from './prepared-query';
export { inTransaction } from './transaction';
export { createOutboxTable, enqueueEvent, OUTBOX_COLUMNS, outboxTable } from './outbox';
export { ChangeOutbox, type EventOf, type VerbOf } from './change-outbox';
export { OutboxRelay, type OutboxRow } from './outbox-relay';
export { badCursor, decodeCursor, encodeCursor } from './cursor';
export { type ColumnType, type FilterableColumn, type ListDefinition } from './list-definition';
export { listPage, listPages, type ListPage, type Parents } from './list-page';
export {
  createIdempotencyKeysTable,
  IdempotencyKeys,
  keyedRequest,
  type FirstRequest,
  type KeyedRequest,
} from './idempotency-keys';
export { KeyedCreations } from './keyed-creations';
export { IdempotencyKeyPurge } from './idempotency-key-purge';
export { IdempotencyKeyInFlightError, IdempotencyKeyReusedError } from './idempotency-keys.errors';
