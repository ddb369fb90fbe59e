import type {
  ModelConnectionV1,
  ModelConnectV1,
  ModelCreateV1,
  ModelDeleteV1,
  ModelUpdateV1,
  ModelV1,
  PageRequest,
} from '@dspy-nest/contracts';
import type { ListPage, VerbOf } from '@dspy-nest/persistence';
import { isUuid, uuidv7, type RequestContext, NameConflictError, expectVersion } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CreationsService } from '../creations/creations.service';
import { InUseError } from '../in-use.error';
import { RegistryOutbox } from '../outbox/registry-outbox';
import { ApiKeyCipher } from './api-key-cipher';
import { changedModelContent, newModelContent, sameModelContent, type ModelContent } from './model-content';
import { toModel, type ModelEntity, type ModelManager } from './model.entity';
import { ApiKeyUnreadableError, ModelManagedByEnvironmentError, ModelNotFoundError } from './models.errors';
import { ModelsRepository } from './models.repository';
import { ServerGuard } from './server-guard';

/** Models and their sealed keys. A model changes in place: its version tells callers that it did, former versions are gone. */
@Injectable()
export class ModelsService {
  constructor(
    private readonly models: ModelsRepository,
    private readonly outbox: RegistryOutbox,
    private readonly creations: CreationsService,
    private readonly cipher: ApiKeyCipher,
    private readonly guard: ServerGuard,
  ) {}

  /** Once for a key. Throws NameConflictError, ValidationFailedError, IdempotencyKeyReusedError. */
  async create(ctx: RequestContext, request: ModelCreateV1): Promise<ModelV1> {
    const { name, ...settings } = request;
    const content = newModelContent(settings);
    await this.guard.check(content.baseUrl);
    return this.creations.once(ctx, { entity: 'model', request }, async (manager, id) => {
      const row = await this.insert(ctx, manager, { id, name, content, managedBy: 'api' });
      if (row === null) {
        throw new NameConflictError(`The model name "${name}" is taken. Choose another, or update that model.`);
      }
      return toModel(row);
    });
  }

  /** The version goes up unless nothing changes. Throws ModelNotFoundError, ModelManagedByEnvironmentError, VersionConflictError and as create. */
  async update(ctx: RequestContext, { name, ifMatch, ...request }: ModelUpdateV1): Promise<ModelV1> {
    if (request.baseUrl !== undefined) await this.guard.check(request.baseUrl);
    return this.outbox.transaction(ctx, async (manager) => {
      const row = await this.lockOwn(ctx, manager, name);
      expectVersion(`Model "${name}"`, row, ifMatch);
      // A key that cannot be opened any more can still be replaced.
      const current = request.apiKey === undefined ? this.contentOf(row) : this.comparableContentOf(row);
      const content = changedModelContent(request, current);
      return toModel(await this.change(ctx, manager, row, content, 'api'));
    });
  }

  /** Throws ModelNotFoundError, ModelManagedByEnvironmentError, VersionConflictError, InUseError. */
  async delete(ctx: RequestContext, { name, ifMatch }: ModelDeleteV1): Promise<ModelV1> {
    return this.outbox.transaction(ctx, async (manager) => {
      const row = await this.lockOwn(ctx, manager, name);
      expectVersion(`Model "${name}"`, row, ifMatch);
      const programs = await this.models.programsUsing(manager, ctx.tenant, name);
      const remedy = 'Give them another model, or delete them, first.';
      if (programs.length > 0) throw new InUseError(`Model "${name}"`, programs, remedy);
      await this.models.delete(manager, row);
      await this.record(ctx, manager, 'deleted', row);
      return toModel(row);
    });
  }

  /** Throws ModelNotFoundError. */
  async get(ctx: RequestContext, { name }: { name: string }): Promise<ModelV1> {
    const row = await this.models.find(ctx.tenant, name);
    if (row === null) throw new ModelNotFoundError(name);
    return toModel(row);
  }

  /** Models by id, in any order; unknown ones are left out. */
  async getMany(ctx: RequestContext, ids: readonly string[]): Promise<ModelV1[]> {
    return (await this.models.findMany(ctx.tenant, ids.filter(isUuid))).map(toModel);
  }

  async list(ctx: RequestContext, request: PageRequest): Promise<ListPage<ModelV1>> {
    const page = await this.models.list(ctx.tenant, request);
    return { ...page, items: page.items.map(toModel) };
  }

  /** All that a worker needs to call a model, the key in clear; always of the present version. Throws ModelNotFoundError, ApiKeyUnreadableError. */
  async connect(ctx: RequestContext, { modelId }: ModelConnectV1): Promise<ModelConnectionV1> {
    const [row] = await this.models.findMany(ctx.tenant, [modelId].filter(isUuid));
    if (row === undefined) throw new ModelNotFoundError(modelId);
    const { id, name, version, model, baseUrl, pricing, capabilities } = row;
    const connection = { id, name, version, model, baseUrl, apiKey: this.openKey(row), pricing, capabilities };
    return this.guard.trusts(baseUrl) ? { ...connection, trusted: true } : connection;
  }

  /** Makes sure that a program may name the model, and gives it: it cannot be deleted before the transaction ends. Throws ModelNotFoundError. */
  async pin(ctx: RequestContext, manager: EntityManager, name: string): Promise<ModelEntity> {
    const row = await this.models.lock(manager, ctx.tenant, name, 'read');
    if (row === null) throw new ModelNotFoundError(name);
    return row;
  }

  /**
   * Makes a model what the operator's environment says; null gives it back to its owner. Nothing is written, and no event
   * sent, when it is so already.
   */
  async adopt(ctx: RequestContext, name: string, content: ModelContent | null): Promise<void> {
    await this.outbox.transaction(ctx, async (manager) => {
      const lock = (): Promise<ModelEntity | null> => this.models.lock(manager, ctx.tenant, name, 'write');
      let row = await lock();
      if (row === null && content !== null) {
        if ((await this.insert(ctx, manager, { id: uuidv7(), name, content, managedBy: 'environment' })) !== null)
          return;
        // Another replica that starts now has just made it.
        row = await lock();
      }
      if (row === null) return;
      if (content !== null) await this.change(ctx, manager, row, content, 'environment');
      else if (row.managedBy === 'environment') await this.models.update(manager, { ...row, managedBy: 'api' });
    });
  }

  private async lockOwn({ tenant }: RequestContext, manager: EntityManager, name: string): Promise<ModelEntity> {
    const row = await this.models.lock(manager, tenant, name, 'write');
    if (row === null) throw new ModelNotFoundError(name);
    if (row.managedBy === 'environment') throw new ModelManagedByEnvironmentError(name);
    return row;
  }

  /** Null when the name is taken. */
  private async insert(
    ctx: RequestContext,
    manager: EntityManager,
    { id, name, content, managedBy }: { id: string; name: string; content: ModelContent; managedBy: ModelManager },
  ): Promise<ModelEntity | null> {
    const { apiKey, ...visible } = content;
    const [createdAt, version] = [new Date(), 1];
    const sealedApiKey = this.sealKey(apiKey, id);
    const row = {
      ...visible,
      tenant: ctx.tenant,
      id,
      name,
      version,
      sealedApiKey,
      managedBy,
      createdAt,
      updatedAt: createdAt,
    };
    if (!(await this.models.insert(manager, row))) return null;
    await this.record(ctx, manager, 'created', row);
    return row;
  }

  private async change(
    ctx: RequestContext,
    manager: EntityManager,
    row: ModelEntity,
    content: ModelContent,
    managedBy: ModelManager,
  ): Promise<ModelEntity> {
    if (managedBy === row.managedBy && sameModelContent(content, this.comparableContentOf(row))) return row;
    const { apiKey, ...visible } = content;
    const sealedApiKey = this.sealKey(apiKey, row.id);
    const changed = { ...row, ...visible, sealedApiKey, managedBy, version: row.version + 1, updatedAt: new Date() };
    await this.models.update(manager, changed);
    await this.record(ctx, manager, 'updated', changed);
    return changed;
  }

  private contentOf(row: ModelEntity, apiKey = this.openKey(row)): ModelContent {
    const { model, baseUrl, format, pricing, capabilities } = row;
    return { model, baseUrl, apiKey, format, pricing, capabilities };
  }

  /** A key that cannot be opened is unlike any that can be given. */
  private comparableContentOf(row: ModelEntity): ModelContent {
    try {
      return this.contentOf(row);
    } catch (error) {
      if (error instanceof ApiKeyUnreadableError) return this.contentOf(row, '');
      throw error;
    }
  }

  private sealKey(apiKey: string | null, id: string): string | null {
    return apiKey === null ? null : this.cipher.seal(apiKey, id);
  }

  private openKey({ sealedApiKey, id }: ModelEntity): string | null {
    return sealedApiKey === null ? null : this.cipher.open(sealedApiKey, id);
  }

  private record(
    ctx: RequestContext,
    manager: EntityManager,
    verb: VerbOf<'registry', 'model'>,
    { id, name, version }: ModelEntity,
  ): Promise<void> {
    return this.outbox.record(manager, ctx, { entity: 'model', verb, id, name, version });
  }
}
