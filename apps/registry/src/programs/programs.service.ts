import type {
  PageRequest,
  ProgramCandidateAddV1,
  ProgramCreateV1,
  ProgramDeleteV1,
  ProgramInterfaceV1,
  ProgramPublishV1,
  ProgramRefV1,
  ProgramResolveV1,
  ProgramStateImportedV1,
  ProgramStateImportV1,
  ProgramUpdateV1,
  ProgramV1,
  ProgramVersionGetV1,
  ProgramVersionV1,
} from '@dspy-nest/contracts';
import type { ListPage, VerbOf } from '@dspy-nest/persistence';
import {
  checkStorable,
  isUuid,
  ValidationFailedError,
  type RequestContext,
  NameConflictError,
  VersionConflictError,
  expectVersion,
} from '@dspy-nest/platform';
import { toPascalCase } from '@dspy-nest/signature';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CreationsService } from '../creations/creations.service';
import type { ModelEntity } from '../models/model.entity';
import { ModelsService } from '../models/models.service';
import { checkStillFits, type LearnedState } from '../learned-states/learned-state';
import { checkModuleSettings } from '../module-types/module-settings';
import { RegistryOutbox } from '../outbox/registry-outbox';
import { toSpec, type SignatureVersionEntity } from '../signatures/signature.entity';
import { SignaturesService } from '../signatures/signatures.service';
import { REGISTRY_SETTINGS, type RegistrySettings } from '../registry.settings';
import { checkToolGrants } from '../tools/tool-grants';
import { checkNative } from './check-native';
import { checkRouter } from './check-router';
import { checkMultiSettings } from './multi-settings';
import {
  namedModels,
  pickContent,
  programContent,
  programHash,
  sameProgramContent,
  type ProgramContent,
} from './program-content';
import { checkOutputNames, graphqlNameOf } from './program-names';
import {
  toProgram,
  toProgramInterface,
  toProgramVersion,
  type ProgramEntity,
  type ProgramVersionEntity,
} from './program.entity';
import { ProgramNotFoundError, ProgramVersionNotFoundError } from './programs.errors';
import { ProgramsRepository } from './programs.repository';

/** What a version of a program is made of. */
interface NewVersion {
  readonly program: ProgramEntity;
  readonly content: ProgramContent;
  readonly signature: SignatureVersionEntity;
}

/** Programs and their immutable versions. */
@Injectable()
export class ProgramsService {
  constructor(
    private readonly programs: ProgramsRepository,
    private readonly signatures: SignaturesService,
    private readonly models: ModelsService,
    private readonly outbox: RegistryOutbox,
    private readonly creations: CreationsService,
    @Inject(REGISTRY_SETTINGS) private readonly settings: Pick<RegistrySettings, 'DSPY_NEST_TOOLS_FILE'>,
  ) {}

  /**
   * Makes version 1, and of an inline definition its signature too, once for a key. Throws NameConflictError,
   * SignatureNotFoundError, InvalidSignatureError, ModelNotFoundError, ValidationFailedError, IdempotencyKeyReusedError.
   */
  async create(ctx: RequestContext, request: ProgramCreateV1): Promise<ProgramV1> {
    const { name, signature: text, signatureVersion, ...settings } = request;
    checkStorable({ description: settings.description });
    checkSignatureVersion(request);
    const content = programContent(settings);
    return this.creations.once(ctx, { entity: 'program', request }, async (manager, id) => {
      const program = await this.insert(ctx, manager, id, name);
      const signature = isDefinition(text)
        ? await this.signatures.createInline(ctx, manager, toPascalCase(name), text)
        : await this.signatures.pin(ctx, manager, { name: text, version: signatureVersion });
      return this.insertPublished(ctx, manager, { program, content, signature });
    });
  }

  /**
   * Makes a new version of what is given; when that says nothing new, answers the newest. The version of the signature stays
   * unless a signature is named, which takes its newest, or a version is. Throws as create, and ProgramNotFoundError, VersionConflictError.
   */
  async update(ctx: RequestContext, { name, ifMatch, ...request }: ProgramUpdateV1): Promise<ProgramV1> {
    const { signature: text, signatureVersion, ...settings } = request;
    checkStorable({ description: settings.description });
    checkSignatureVersion(request);
    return this.outbox.transaction(ctx, async (manager) => {
      const program = await this.lock(ctx, manager, name);
      expectVersion(`Program "${name}"`, program, ifMatch);
      const { current } = program;
      const content = programContent(settings, pickContent(current));
      const signature = await this.resign(ctx, manager, program, { text, version: signatureVersion });
      const samePin = signature.signatureId === current.signatureId && signature.version === current.signatureVersion;
      if (samePin && sameProgramContent(content, current)) return toProgram(program, current);
      return this.insertNext(ctx, manager, { program, content, signature });
    });
  }

  /**
   * Makes a new version with the state that `learn` makes for the newest, once for a key, and answers it with the notes on it.
   * Throws ProgramNotFoundError, VersionConflictError, IdempotencyKeyReusedError, and what `learn` throws.
   */
  async learn(
    ctx: RequestContext,
    request: ProgramStateImportV1,
    learn: (newest: Pick<ProgramVersionV1, 'signature' | 'module' | 'config'>) => LearnedState,
  ): Promise<ProgramStateImportedV1> {
    const { name, ifMatch } = request;
    return this.creations.once(ctx, { entity: 'program-state', request }, async (manager) => {
      const program = await this.lock(ctx, manager, name);
      expectVersion(`Program "${name}"`, program, ifMatch);
      const { signature, ...current } = program.current;
      const { state, notes } = learn({ signature: toSpec(signature), module: current.module, config: current.config });
      const content = { ...pickContent(current), state };
      return { ...(await this.insertNext(ctx, manager, { program, content, signature })), notes };
    });
  }

  /**
   * Adds a version that is not published, with the state that `learn` makes for its parent, once for a key. Throws
   * ProgramNotFoundError, ProgramVersionNotFoundError, IdempotencyKeyReusedError, and what `learn` throws.
   */
  async addCandidate(
    ctx: RequestContext,
    request: ProgramCandidateAddV1,
    learn: (parent: Pick<ProgramVersionV1, 'signature' | 'module' | 'config'>) => LearnedState,
  ): Promise<ProgramV1> {
    const { name } = await this.find(ctx, request.programId);
    return this.creations.once(ctx, { entity: 'program-candidate', request }, async (manager) => {
      const program = await this.lock(ctx, manager, name);
      const { signature, ...parent } = await this.oneVersion(program, request.version);
      const { state } = learn({ signature: toSpec(signature), module: parent.module, config: parent.config });
      const version = (await this.programs.lastVersion(manager, program)) + 1;
      const next = { ...program, version, updatedAt: new Date() };
      return this.insertVersion(ctx, manager, { program: next, content: { ...pickContent(parent), state }, signature });
    });
  }

  /** Makes a version the published one. Throws ProgramNotFoundError, ProgramVersionNotFoundError, VersionConflictError. */
  async publish(ctx: RequestContext, { programId, version, instead }: ProgramPublishV1): Promise<ProgramV1> {
    const { name } = await this.find(ctx, programId);
    return this.outbox.transaction(ctx, async (manager) => {
      const program = await this.lock(ctx, manager, name);
      const row = await this.oneVersion(program, version);
      if (program.version === version) return toProgram(program, row);
      if (instead !== undefined && instead !== program.version) {
        throw new VersionConflictError(`Program "${name}"`, program.version);
      }
      const next = { ...program, version, updatedAt: new Date() };
      await this.programs.setVersion(manager, next);
      await this.record(ctx, manager, 'published', next);
      return toProgram(next, row);
    });
  }

  /** Deletes all versions and answers the newest; its signature stays. Throws ProgramNotFoundError, VersionConflictError. */
  async delete(ctx: RequestContext, { name, ifMatch }: ProgramDeleteV1): Promise<ProgramV1> {
    return this.outbox.transaction(ctx, async (manager) => {
      const program = await this.lock(ctx, manager, name);
      expectVersion(`Program "${name}"`, program, ifMatch);
      await this.programs.delete(manager, program);
      await this.record(ctx, manager, 'deleted', program);
      return toProgram(program, program.current);
    });
  }

  /** One version, or the newest. Throws ProgramNotFoundError, ProgramVersionNotFoundError. */
  async get(ctx: RequestContext, ref: ProgramRefV1): Promise<ProgramV1> {
    const { program, row } = await this.read(ctx, ref);
    return toProgram(program, row);
  }

  /** The newest version by id or name; nothing is both. Throws ProgramNotFoundError. */
  async getByIdOrName(ctx: RequestContext, idOrName: string): Promise<ProgramV1> {
    const programs = isUuid(idOrName) ? await this.getMany(ctx, [idOrName]) : [];
    return programs[0] ?? this.get(ctx, { name: idOrName });
  }

  /** The newest versions by id, in any order; unknown ones are left out. */
  async getMany(ctx: RequestContext, ids: readonly string[]): Promise<ProgramV1[]> {
    const programs = await this.programs.findMany(ctx.tenant, ids.filter(isUuid));
    return programs.map((program) => toProgram(program, program.current));
  }

  /** The newest version of each. */
  async list(ctx: RequestContext, request: PageRequest): Promise<ListPage<ProgramV1>> {
    const page = await this.programs.list(ctx.tenant, request);
    return { ...page, items: page.items.map((program) => toProgram(program, program.current)) };
  }

  /** What callers see of each in its newest version. */
  async interfaces(ctx: RequestContext, request: PageRequest): Promise<ListPage<ProgramInterfaceV1>> {
    const page = await this.programs.list(ctx.tenant, request);
    return { ...page, items: page.items.map(toProgramInterface) };
  }

  /** All versions of one. Throws ProgramNotFoundError. */
  async versions(
    ctx: RequestContext,
    { name, ...request }: PageRequest & { name: string },
  ): Promise<ListPage<ProgramV1>> {
    const { program } = await this.read(ctx, { name });
    return (await this.versionsOf(ctx, [program], request)).get(program.id)!;
  }

  /** A page of the versions of each, by its id. */
  async versionsOf(
    { tenant }: RequestContext,
    programs: readonly { readonly id: string }[],
    request: PageRequest,
  ): Promise<Map<string, ListPage<ProgramV1>>> {
    const ids = programs.map(({ id }) => id);
    const pages = await this.programs.listVersions(tenant, ids, request);
    return new Map(
      [...pages].map(([id, page]) => [id, { ...page, items: page.items.map((row) => toProgram(row.program, row)) }]),
    );
  }

  /** What is to run under a name: the version asked for, or the published one. Throws as get. */
  async resolve(ctx: RequestContext, ref: ProgramResolveV1): Promise<ProgramVersionV1> {
    const program = await this.find(ctx, ref.name);
    return toProgramVersion(program, await this.oneVersion(program, ref.version ?? program.version));
  }

  /** One version, whole, by the id of its program. Throws ProgramNotFoundError, ProgramVersionNotFoundError. */
  async getVersion(ctx: RequestContext, { programId, version }: ProgramVersionGetV1): Promise<ProgramVersionV1> {
    const [program] = await this.programs.findMany(ctx.tenant, [programId].filter(isUuid));
    if (program === undefined) throw new ProgramNotFoundError(programId);
    return toProgramVersion(program, await this.oneVersion(program, version));
  }

  private async read(
    ctx: RequestContext,
    { name, version }: ProgramRefV1,
  ): Promise<{ program: ProgramEntity; row: ProgramVersionEntity }> {
    const program = await this.find(ctx, name);
    const isNewest = version === undefined || version === program.version;
    return { program, row: isNewest ? program.current : await this.oneVersion(program, version) };
  }

  private async find({ tenant }: RequestContext, name: string): Promise<ProgramEntity> {
    const program =
      (await this.programs.find(tenant, name)) ?? (await this.programs.findMany(tenant, [name].filter(isUuid)))[0];
    if (program === undefined) throw new ProgramNotFoundError(name);
    return program;
  }

  private async oneVersion({ tenant, id, name }: ProgramEntity, version: number): Promise<ProgramVersionEntity> {
    const row = await this.programs.findVersion(tenant, id, version);
    if (row === null) throw new ProgramVersionNotFoundError(name, version);
    return row;
  }

  private async lock({ tenant }: RequestContext, manager: EntityManager, name: string): Promise<ProgramEntity> {
    const program = await this.programs.lock(manager, tenant, name);
    if (program === null) throw new ProgramNotFoundError(name);
    return program;
  }

  /** The version a changed program is made with. A definition changes the program's own signature, never one of another origin. */
  private async resign(
    ctx: RequestContext,
    manager: EntityManager,
    { name, current }: ProgramEntity,
    { text, version }: { text: string | undefined; version: number | undefined },
  ): Promise<SignatureVersionEntity> {
    if (text === undefined && version === undefined) return current.signature;
    if (text === undefined || !isDefinition(text)) {
      return this.signatures.pin(ctx, manager, { name: text ?? current.signature.name, version });
    }
    const own = toPascalCase(name);
    return current.signature.name === own
      ? this.signatures.updateInline(ctx, manager, own, text)
      : this.signatures.createInline(ctx, manager, own, text);
  }

  private async insert(
    { tenant }: RequestContext,
    manager: EntityManager,
    id: string,
    name: string,
  ): Promise<ProgramEntity> {
    const [graphqlName, createdAt] = [graphqlNameOf(name), new Date()];
    const row = { tenant, id, name, graphqlName, version: 1, createdAt, updatedAt: createdAt };
    if (await this.programs.insert(manager, row)) return row as ProgramEntity;
    const owner = await this.programs.findOwnerOfGraphqlName(manager, tenant, graphqlName);
    throw new NameConflictError(
      owner === null || owner.name === name
        ? `The program name "${name}" is taken. Choose another, or update that program.`
        : `The program name "${name}" clashes with "${owner.name}": both are "${graphqlName}" in GraphQL. Choose another.`,
    );
  }

  private async insertNext(
    ctx: RequestContext,
    manager: EntityManager,
    { program, content, signature }: NewVersion,
  ): Promise<ProgramV1> {
    const version = (await this.programs.lastVersion(manager, program)) + 1;
    const next = { ...program, version, updatedAt: new Date() };
    await this.programs.setVersion(manager, next);
    return this.insertPublished(ctx, manager, { program: next, content, signature });
  }

  private async insertPublished(ctx: RequestContext, manager: EntityManager, version: NewVersion): Promise<ProgramV1> {
    const made = await this.insertVersion(ctx, manager, version);
    await this.record(ctx, manager, 'published', version.program);
    return made;
  }

  private async insertVersion(
    ctx: RequestContext,
    manager: EntityManager,
    { program, content, signature }: NewVersion,
  ): Promise<ProgramV1> {
    const version = { signature: toSpec(signature), module: content.module, config: content.config };
    checkOutputNames(version);
    checkModuleSettings(version);
    checkMultiSettings({ ...version, adapter: content.adapter });
    checkNative({ ...version, adapter: content.adapter, format: content.format });
    checkToolGrants(this.settings.DSPY_NEST_TOOLS_FILE ?? new Map(), program.name, content.config.tools);
    if (content.state !== null) checkStillFits(content.state, version);
    const models: ModelEntity[] = [];
    for (const model of namedModels(content)) models.push(await this.models.pin(ctx, manager, model));
    checkRouter(content, models);
    const row = {
      ...content,
      tenant: program.tenant,
      programId: program.id,
      version: program.version,
      signatureId: signature.signatureId,
      signatureVersion: signature.version,
      hash: programHash(signature.hash, content),
      createdAt: program.updatedAt,
    };
    await this.programs.insertVersion(manager, row);
    return toProgram(program, { ...row, signature });
  }

  private record(
    ctx: RequestContext,
    manager: EntityManager,
    verb: VerbOf<'registry', 'program'>,
    { id, name, version }: ProgramEntity,
  ): Promise<void> {
    return this.outbox.record(manager, ctx, { entity: 'program', verb, id, name, version });
  }
}

/** What could not be the name of anything is read as a definition, so that the signature language says what is wrong with it. */
function isDefinition(text: string): boolean {
  return !/^\w{1,63}$/.test(text);
}

function checkSignatureVersion({
  signature,
  signatureVersion,
}: Pick<ProgramUpdateV1, 'signature' | 'signatureVersion'>): void {
  if (signature === undefined || signatureVersion === undefined || !isDefinition(signature)) return;
  const message = 'A definition makes the version it needs: leave "signatureVersion" out, or name a signature.';
  throw new ValidationFailedError(message, [{ pointer: '/signatureVersion', code: 'not_applicable', message }]);
}
