import type { DataSourceOptions } from 'typeorm';
import { quoteIdentifier } from './identifier';
import { TypeOrmLog } from './typeorm-log';

const POOL_SIZE_DEFAULT = 10;
const CONNECT_TIMEOUT_MS = 5_000;
/** A connection costs ten milliseconds of CPU on both sides and plans its statements anew; pg closes idle ones after 10 s. */
const IDLE_MS = 300_000;
const STATEMENT_TIMEOUT_MS = 30_000;
const IDLE_IN_TRANSACTION_MS = 60_000;

/** Where a service keeps its tables and which they are. */
export interface PostgresOptions {
  url: string;
  /** The service's own schema. */
  schema: string;
  entities: NonNullable<DataSourceOptions['entities']>;
  migrations: NonNullable<DataSourceOptions['migrations']>;
  /** Connections at most (10). */
  poolSize?: number;
}

/** Data source options of a service: its own schema, bounded statements, no changes of tables but by migrations. */
export function postgresOptions({ url, schema, entities, migrations, poolSize }: PostgresOptions): DataSourceOptions {
  quoteIdentifier(schema);
  return {
    type: 'postgres',
    url,
    schema,
    entities,
    migrations,
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    synchronize: false,
    logger: new TypeOrmLog(),
    installExtensions: false,
    applicationName: `dspy-nest-${schema}`,
    poolSize: poolSize ?? POOL_SIZE_DEFAULT,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    extra: {
      idleTimeoutMillis: IDLE_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    },
  };
}
