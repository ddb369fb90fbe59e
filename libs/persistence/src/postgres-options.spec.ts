import { postgresOptions } from './postgres-options';

const options = (schema: string) =>
  postgresOptions({ url: 'postgres://127.0.0.1/db', schema, entities: [], migrations: [] });

describe('postgresOptions', () => {
  it('keeps tables and migrations in the schema and changes them by migrations only', () => {
    expect(options('shop')).toMatchObject({
      schema: 'shop',
      migrationsTableName: 'migrations',
      synchronize: false,
      poolSize: 10,
    });
  });

  it('keeps connections that rest for a while', () => {
    expect(options('shop')).toMatchObject({ extra: { idleTimeoutMillis: 300_000 } });
  });

  it.each(['', 'Shop', 'a-b', 'a"; DROP SCHEMA public; --', '1st', 'x'.repeat(64)])(
    'refuses the schema "%s"',
    (schema) => {
      expect(() => options(schema)).toThrow(RangeError);
    },
  );
});
