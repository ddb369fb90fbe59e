import type { ModelCallV1 } from '@dspy-nest/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The model calls of one execution, written by the journal with its outcome. */
@Entity({ name: 'model_calls' })
export class ModelCallsEntity {
  @PrimaryColumn('text') tenant: string;
  @PrimaryColumn('uuid', { name: 'execution_id' }) executionId: string;
  @Column('json') calls: ModelCallV1[];
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
}
