import type { ModelCapabilities, ModelPricing, ModelV1 } from '@dspy-nest/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Who says what a model is: its owner through the API, or the operator through the environment. */
export type ModelManager = 'api' | 'environment';

/** A model and how to reach it. The key is kept sealed only. */
@Entity({ name: 'models' })
export class ModelEntity {
  @PrimaryColumn('text') tenant: string;
  @PrimaryColumn('uuid') id: string;
  @Column('text') name: string;
  @Column('int') version: number;
  @Column('text') model: string;
  @Column('text', { name: 'base_url' }) baseUrl: string;
  @Column('text', { name: 'sealed_api_key', nullable: true }) sealedApiKey: string | null;
  @Column('text') format: ModelV1['format'];
  @Column('json', { nullable: true }) pricing: ModelPricing | null;
  @Column('json') capabilities: ModelCapabilities;
  @Column('text', { name: 'managed_by' }) managedBy: ModelManager;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;
}

/** A model as its owner sees it: without the key. */
export function toModel(row: ModelEntity): ModelV1 {
  return {
    id: row.id,
    name: row.name,
    version: row.version,
    model: row.model,
    baseUrl: row.baseUrl,
    hasApiKey: row.sealedApiKey !== null,
    format: row.format,
    pricing: row.pricing,
    capabilities: row.capabilities,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
