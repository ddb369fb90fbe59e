import type { MetricV1 } from '@dspy-nest/contracts';
import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';

/** One version of a metric; written once, never changed. */
@Entity({ name: 'metric_versions' })
export class MetricVersionEntity {
  @PrimaryColumn('text') tenant: string;
  @PrimaryColumn('uuid', { name: 'metric_id' }) metricId: string;
  @PrimaryColumn('int') version: number;
  @Column('text') name: string;
  @Column('text') kind: string;
  @Column('json') definition: object;
  @Column('text', { nullable: true }) description: string | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
}

/** A metric: its name and which version is the newest. */
@Entity({ name: 'metrics' })
export class MetricEntity {
  @PrimaryColumn('text') tenant: string;
  @PrimaryColumn('uuid') id: string;
  @Column('text') name: string;
  @Column('int') version: number;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;

  @ManyToOne(() => MetricVersionEntity)
  @JoinColumn([
    { name: 'tenant', referencedColumnName: 'tenant' },
    { name: 'id', referencedColumnName: 'metricId' },
    { name: 'version', referencedColumnName: 'version' },
  ])
  current: MetricVersionEntity;
}

/** A version of a metric as callers see it. */
export function toMetric(row: MetricVersionEntity): MetricV1 {
  const { metricId: id, name, version, kind, description } = row;
  const definition = { ...row.definition };
  return { id, name, version, kind, definition, description, createdAt: row.createdAt.toISOString() };
}
