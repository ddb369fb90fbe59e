import type {
  PageRequest,
  SignatureCreateV1,
  SignatureDeleteV1,
  SignatureDiffGetV1,
  SignatureDiffV1,
  SignatureRefV1,
  SignatureUpdateV1,
  SignatureV1,
} from '@dspy-nest/contracts';
import type { ListPage, VerbOf } from '@dspy-nest/persistence';
import { isUuid, uuidv7, type RequestContext, NameConflictError, expectVersion } from '@dspy-nest/platform';
import { diffSignatures } from '@dspy-nest/signature';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CreationsService } from '../creations/creations.service';
import { InUseError } from '../in-use.error';
import { RegistryOutbox } from '../outbox/registry-outbox';
import {
  changedSignatureContent,
  newSignatureContent,
  sameSignatureContent,
  type SignatureContent,
} from './signature-content';
import { toSignature, type SignatureEntity, type SignatureVersionEntity } from './signature.entity';
import { SignatureNotFoundError } from './signatures.errors';
import { SignaturesRepository, type SignatureVersionRef } from './signatures.repository';

/** Signatures and their immutable versions. */
@Injectable()
export class SignaturesService {
  constructor(
    private readonly signatures: SignaturesRepository,
    private readonly outbox: RegistryOutbox,
    private readonly creations: CreationsService,
  ) {}

  /** Makes version 1, once for a key. Throws InvalidSignatureError, NameConflictError, IdempotencyKeyReusedError. */
  async create(ctx: RequestContext, request: SignatureCreateV1): Promise<SignatureV1> {
    const { name, ...definition } = request;
    const content = newSignatureContent(definition);
    return this.creations.once(ctx, { entity: 'signature', request }, async (manager, id) =>
      toSignature(await this.insert(ctx, manager, { id, name, content })),
    );
  }

  /** Makes a new version of what is given; when that says nothing new, answers the newest. Throws SignatureNotFoundError, InvalidSignatureError, VersionConflictError. */
  async update(ctx: RequestContext, { name, ifMatch, ...request }: SignatureUpdateV1): Promise<SignatureV1> {
    const row = await this.outbox.transaction(ctx, async (manager) => {
      const signature = await this.lock(ctx, manager, name, 'write');
      expectVersion(`Signature "${name}"`, signature, ifMatch);
      return this.addVersion(ctx, manager, signature, changedSignatureContent(request, signature.current));
    });
    return toSignature(row);
  }

  /** Deletes all versions and answers the newest. Throws SignatureNotFoundError, VersionConflictError, InUseError. */
  async delete(ctx: RequestContext, { name, ifMatch }: SignatureDeleteV1): Promise<SignatureV1> {
    return this.outbox.transaction(ctx, async (manager) => {
      const signature = await this.lock(ctx, manager, name, 'write');
      expectVersion(`Signature "${name}"`, signature, ifMatch);
      const programs = await this.signatures.programsUsing(manager, ctx.tenant, signature.id);
      if (programs.length > 0) throw new InUseError(`Signature "${name}"`, programs, 'Delete the programs first.');
      await this.signatures.delete(manager, signature);
      await this.record(ctx, manager, 'deleted', signature.current);
      return toSignature(signature.current);
    });
  }

  /** One version, or the newest. Throws SignatureNotFoundError. */
  async get(ctx: RequestContext, { name, version }: SignatureRefV1): Promise<SignatureV1> {
    const { id, current } = await this.find(ctx, name);
    if (version === undefined) return toSignature(current);
    return toSignature(await this.oneVersion(ctx, { id, name, version }));
  }

  /** The newest versions by id, in any order; unknown ones are left out. */
  async getMany(ctx: RequestContext, ids: readonly string[]): Promise<SignatureV1[]> {
    const signatures = await this.signatures.findMany(ctx.tenant, ids.filter(isUuid));
    return signatures.map(({ current }) => toSignature(current));
  }

  /** Many versions at once, in any order; unknown ones are left out. */
  async getVersions(ctx: RequestContext, refs: readonly SignatureVersionRef[]): Promise<SignatureV1[]> {
    return (await this.signatures.findVersions(ctx.tenant, refs)).map(toSignature);
  }

  /** The newest version of each. */
  async list(ctx: RequestContext, request: PageRequest): Promise<ListPage<SignatureV1>> {
    const page = await this.signatures.list(ctx.tenant, request);
    return { ...page, items: page.items.map(({ current }) => toSignature(current)) };
  }

  /** All versions of one. Throws SignatureNotFoundError. */
  async versions(
    ctx: RequestContext,
    { name, ...request }: PageRequest & { name: string },
  ): Promise<ListPage<SignatureV1>> {
    const { id } = await this.find(ctx, name);
    return (await this.versionsOf(ctx, [{ id }], request)).get(id)!;
  }

  /** A page of the versions of each, by its id. */
  async versionsOf(
    { tenant }: RequestContext,
    signatures: readonly { readonly id: string }[],
    request: PageRequest,
  ): Promise<Map<string, ListPage<SignatureV1>>> {
    const ids = signatures.map(({ id }) => id);
    const pages = await this.signatures.listVersions(tenant, ids, request);
    return new Map([...pages].map(([id, page]) => [id, { ...page, items: page.items.map(toSignature) }]));
  }

  /** What differs between two versions, or a version and the newest. Throws SignatureNotFoundError. */
  async diff(ctx: RequestContext, { name, from, to }: SignatureDiffGetV1): Promise<SignatureDiffV1> {
    const before = await this.get(ctx, { name, version: from });
    return diffSignatures(before, await this.get(ctx, { name, version: to }));
  }

  /** One version, or the newest, which cannot be deleted before the transaction ends. Throws SignatureNotFoundError. */
  async pin(
    ctx: RequestContext,
    manager: EntityManager,
    { name, version }: SignatureRefV1,
  ): Promise<SignatureVersionEntity> {
    const { id, current } = await this.lock(ctx, manager, name, 'read');
    if (version === undefined || version === current.version) return current;
    return this.oneVersion(ctx, { id, name, version }, manager);
  }

  /** Makes version 1 of the inline definition of a program. Throws InvalidSignatureError, NameConflictError. */
  async createInline(
    ctx: RequestContext,
    manager: EntityManager,
    name: string,
    definition: string,
  ): Promise<SignatureVersionEntity> {
    const content = newSignatureContent({ definition }, '/signature');
    return this.insert(ctx, manager, { id: uuidv7(), name, content });
  }

  /** Makes a new version, if need be, of the inline definition of a program. Throws InvalidSignatureError. */
  async updateInline(
    ctx: RequestContext,
    manager: EntityManager,
    name: string,
    definition: string,
  ): Promise<SignatureVersionEntity> {
    const signature = await this.lock(ctx, manager, name, 'write');
    return this.addVersion(
      ctx,
      manager,
      signature,
      changedSignatureContent({ definition }, signature.current, '/signature'),
    );
  }

  private async find({ tenant }: RequestContext, name: string): Promise<SignatureEntity> {
    const signature = await this.signatures.find(tenant, name);
    if (signature === null) throw new SignatureNotFoundError(name);
    return signature;
  }

  private async oneVersion(
    { tenant }: RequestContext,
    { id, name, version }: { id: string; name: string; version: number },
    manager?: EntityManager,
  ): Promise<SignatureVersionEntity> {
    const row = await this.signatures.findVersion({ tenant, signatureId: id, version }, manager);
    if (row === null) throw new SignatureNotFoundError(name, version);
    return row;
  }

  private async lock(
    { tenant }: RequestContext,
    manager: EntityManager,
    name: string,
    mode: 'read' | 'write',
  ): Promise<SignatureEntity> {
    const signature = await this.signatures.lock(manager, tenant, name, mode);
    if (signature === null) throw new SignatureNotFoundError(name);
    return signature;
  }

  private async insert(
    ctx: RequestContext,
    manager: EntityManager,
    { id, name, content }: { id: string; name: string; content: SignatureContent },
  ): Promise<SignatureVersionEntity> {
    const { tenant } = ctx;
    const [createdAt, version] = [new Date(), 1];
    const inserted = await this.signatures.insert(manager, {
      tenant,
      id,
      name,
      version,
      createdAt,
      updatedAt: createdAt,
    });
    if (!inserted) {
      throw new NameConflictError(
        `The signature name "${name}" is taken. Choose another, update that signature, or use it by its name.`,
      );
    }
    const row = { ...content, tenant, signatureId: id, version, name, createdAt };
    await this.signatures.insertVersion(manager, row);
    await this.record(ctx, manager, 'created', row);
    return row;
  }

  private async addVersion(
    ctx: RequestContext,
    manager: EntityManager,
    signature: SignatureEntity,
    content: SignatureContent,
  ): Promise<SignatureVersionEntity> {
    const { tenant, id, name, current } = signature;
    if (sameSignatureContent(content, current)) return current;
    const [version, createdAt] = [signature.version + 1, new Date()];
    const row = { ...content, tenant, signatureId: id, version, name, createdAt };
    await this.signatures.insertVersion(manager, row);
    await this.signatures.setVersion(manager, { ...signature, version, updatedAt: createdAt });
    await this.record(ctx, manager, 'updated', row);
    return row;
  }

  private record(
    ctx: RequestContext,
    manager: EntityManager,
    verb: VerbOf<'registry', 'signature'>,
    { signatureId: id, name, version }: SignatureVersionEntity,
  ): Promise<void> {
    return this.outbox.record(manager, ctx, { entity: 'signature', verb, id, name, version });
  }
}
