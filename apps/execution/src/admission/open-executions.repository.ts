import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

interface Key {
  readonly tenant: string;
  readonly id: string;
}

/** Tells which executions are open. */
@Injectable()
export class OpenExecutionsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** The ids of those that have not ended. */
  async among(keys: readonly Key[]): Promise<Set<string>> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM execution.executions JOIN unnest($1::text[], $2::uuid[]) AS asked (tenant, id) USING (tenant, id)
       WHERE status IN ('queued', 'running')`,
      [keys.map(({ tenant }) => tenant), keys.map(({ id }) => id)],
    );
    return new Set(rows.map(({ id }) => id));
  }
}
