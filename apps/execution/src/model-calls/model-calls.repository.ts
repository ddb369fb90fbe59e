import type { ModelCallV1 } from '@dspy-nest/contracts';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository } from 'typeorm';
import { ifListed } from '../executions/execution-list';
import { ModelCallsEntity } from './model-calls.entity';

/** The calls of one of several executions; null where they are too large to be read of several at once. */
export interface ListedCalls {
  readonly id: string;
  readonly calls: ModelCallV1[] | null;
}

/** Reads the model calls of executions. Writing is the journal's, deleting the retention's. */
@Injectable()
export class ModelCallsRepository {
  constructor(@InjectRepository(ModelCallsEntity) private readonly rows: Repository<ModelCallsEntity>) {}

  /** The calls of one execution of the tenant, in order; null when there are none or no more. */
  async find(tenant: string, executionId: string): Promise<ModelCallV1[] | null> {
    return (await this.rows.findOneBy({ tenant, executionId }))?.calls ?? null;
  }

  /** The calls of those executions of the tenant that have any still, in any order, as a list has them. */
  listMany(tenant: string, executionIds: readonly string[]): Promise<ListedCalls[]> {
    return this.rows
      .createQueryBuilder('of')
      .select('of.executionId', 'id')
      .addSelect(ifListed('of.calls'), 'calls')
      .where({ tenant, executionId: In(executionIds) })
      .getRawMany<ListedCalls>();
  }
}
