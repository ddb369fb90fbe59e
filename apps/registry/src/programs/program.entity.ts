import type {
  ProgramConfig,
  ProgramInterfaceV1,
  ProgramState,
  ProgramV1,
  ProgramVersionV1,
} from '@dspy-nest/contracts';
import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { SignatureVersionEntity, toSpec } from '../signatures/signature.entity';

/** One version of a program; written once, never changed. It keeps the version of the signature it was made with. */
@Entity({ name: 'program_versions' })
export class ProgramVersionEntity {
  @PrimaryColumn('text') tenant: string;
  @PrimaryColumn('uuid', { name: 'program_id' }) programId: string;
  @PrimaryColumn('int') version: number;
  @Column('uuid', { name: 'signature_id' }) signatureId: string;
  @Column('int', { name: 'signature_version' }) signatureVersion: number;
  @Column('text', { nullable: true }) description: string | null;
  @Column('text') module: ProgramV1['module'];
  @Column('text', { nullable: true }) model: string | null;
  @Column('text') adapter: ProgramV1['adapter'];
  @Column('text') format: ProgramV1['format'];
  @Column('json') config: ProgramConfig;
  /** Up to a mebibyte, so it is read only where it is needed. */
  @Column('json', { nullable: true, select: false }) state: ProgramState | null;
  @Column('text') hash: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;

  @ManyToOne(() => SignatureVersionEntity)
  @JoinColumn([
    { name: 'tenant', referencedColumnName: 'tenant' },
    { name: 'signature_id', referencedColumnName: 'signatureId' },
    { name: 'signature_version', referencedColumnName: 'version' },
  ])
  signature: SignatureVersionEntity;

  @ManyToOne(() => ProgramEntity)
  @JoinColumn([
    { name: 'tenant', referencedColumnName: 'tenant' },
    { name: 'program_id', referencedColumnName: 'id' },
  ])
  program: Relation<ProgramEntity>;
}

/** A program: its name, in GraphQL too, and which version is the newest. */
@Entity({ name: 'programs' })
export class ProgramEntity {
  @PrimaryColumn('text') tenant: string;
  @PrimaryColumn('uuid') id: string;
  @Column('text') name: string;
  @Column('text', { name: 'graphql_name' }) graphqlName: string;
  @Column('int') version: number;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;

  @ManyToOne(() => ProgramVersionEntity)
  @JoinColumn([
    { name: 'tenant', referencedColumnName: 'tenant' },
    { name: 'id', referencedColumnName: 'programId' },
    { name: 'version', referencedColumnName: 'version' },
  ])
  current: ProgramVersionEntity;
}

/** A program in one of its versions, as callers see it. `updatedAt` is when that version was made. */
export function toProgram(program: ProgramEntity, row: Omit<ProgramVersionEntity, 'program'>): ProgramV1 {
  return {
    id: program.id,
    name: program.name,
    version: row.version,
    description: row.description,
    signature: row.signature.name,
    signatureVersion: row.signatureVersion,
    module: row.module,
    model: row.model,
    adapter: row.adapter,
    format: row.format,
    config: row.config,
    hash: row.hash,
    createdAt: program.createdAt.toISOString(),
    updatedAt: row.createdAt.toISOString(),
  };
}

/** A version of a program, whole, its state included: what a replica or a worker needs to run it. */
export function toProgramVersion(program: ProgramEntity, row: ProgramVersionEntity): ProgramVersionV1 {
  return {
    tenant: row.tenant,
    programId: row.programId,
    name: program.name,
    version: row.version,
    hash: row.hash,
    signature: toSpec(row.signature),
    module: row.module,
    model: row.model,
    adapter: row.adapter,
    format: row.format,
    config: row.config,
    state: row.state,
  };
}

/** What callers of a program see of it in its newest version. */
export function toProgramInterface({ id, name, current }: ProgramEntity): ProgramInterfaceV1 {
  return {
    programId: id,
    name,
    version: current.version,
    description: current.description,
    module: current.module,
    signature: toSpec(current.signature),
  };
}
