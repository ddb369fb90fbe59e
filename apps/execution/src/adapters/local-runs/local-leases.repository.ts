import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

const RENEW = `UPDATE execution.executions SET dispatched_at = now()
  WHERE id = ANY($1::uuid[]) AND status IN ('queued', 'running')`;

/** Says of executions that a replica has them in hand, so that the sweepers of the others leave them alone. */
@Injectable()
export class LocalLeasesRepository {
  constructor(private readonly dataSource: DataSource) {}

  async renew(ids: readonly string[]): Promise<void> {
    await this.dataSource.query(RENEW, [ids]);
  }
}
