import { Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { migrate } from './migrate';
import { postgresOptions, type PostgresOptions } from './postgres-options';

const RETRY_ATTEMPTS = 60;
const RETRY_DELAY_MS = 500;
/** The server is not there yet, starts or stops; any other failure is not mended by waiting. */
const NOT_READY = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', '57P01', '57P03']);

/** The data source of a service: connected and migrated when the app has started, closed with it. */
@Module({})
export class PersistenceModule {
  /** Waits up to 30 s for the server; the start fails at once when a migration fails. */
  static forRoot(options: PostgresOptions): DynamicModule {
    const typeOrm = TypeOrmModule.forRootAsync({
      useFactory: () => ({
        ...postgresOptions(options),
        retryAttempts: RETRY_ATTEMPTS,
        retryDelay: RETRY_DELAY_MS,
        toRetry: (error: unknown) => NOT_READY.has(String((error as { code?: unknown }).code)),
      }),
      dataSourceFactory: () => openDataSource(options),
    });
    return { module: PersistenceModule, imports: [typeOrm], exports: [typeOrm] };
  }
}

/** A connected and migrated data source. */
export async function openDataSource(options: PostgresOptions): Promise<DataSource> {
  const dataSource = await new DataSource(postgresOptions(options)).initialize();
  try {
    await migrate(dataSource, options.schema);
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}
