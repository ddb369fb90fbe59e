import type { SignatureV1 } from '@dspy-nest/contracts';
import type { Field, SignatureSpec } from '@dspy-nest/signature';
import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';

/** One version of a signature; written once, never changed. JSON columns keep their text, so that members keep their order. */
@Entity({ name: 'signature_versions' })
export class SignatureVersionEntity {
  @PrimaryColumn('text') tenant: string;
  @PrimaryColumn('uuid', { name: 'signature_id' }) signatureId: string;
  @PrimaryColumn('int') version: number;
  @Column('text') name: string;
  @Column('text') definition: string;
  @Column('text') hash: string;
  @Column('text', { nullable: true }) instructions: string | null;
  @Column('text', { nullable: true }) description: string | null;
  @Column('json') inputs: Field[];
  @Column('json') outputs: Field[];
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
}

/** A signature: its name and which version is the newest. */
@Entity({ name: 'signatures' })
export class SignatureEntity {
  @PrimaryColumn('text') tenant: string;
  @PrimaryColumn('uuid') id: string;
  @Column('text') name: string;
  @Column('int') version: number;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;

  @ManyToOne(() => SignatureVersionEntity)
  @JoinColumn([
    { name: 'tenant', referencedColumnName: 'tenant' },
    { name: 'id', referencedColumnName: 'signatureId' },
    { name: 'version', referencedColumnName: 'version' },
  ])
  current: SignatureVersionEntity;
}

/** A version of a signature as callers see it. */
export function toSignature(row: SignatureVersionEntity): SignatureV1 {
  return {
    id: row.signatureId,
    name: row.name,
    version: row.version,
    definition: row.definition,
    hash: row.hash,
    ...(row.instructions === null ? {} : { instructions: row.instructions }),
    description: row.description,
    inputs: row.inputs,
    outputs: row.outputs,
    createdAt: row.createdAt.toISOString(),
  };
}

/** A version of a signature as workers and validators read it. */
export function toSpec(row: SignatureVersionEntity): SignatureSpec {
  return {
    name: row.name,
    version: row.version,
    definition: row.definition,
    hash: row.hash,
    ...(row.instructions === null ? {} : { instructions: row.instructions }),
    inputs: row.inputs,
    outputs: row.outputs,
  };
}
