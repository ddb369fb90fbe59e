import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ModuleName,
  ProgramVersionV1,
  REQUESTS,
  type Page,
  type ProgramConfig,
  type ProgramStateImportedV1,
  type ProgramStateV1,
  type ProgramV1,
} from '@dspy-nest/contracts';
import { newContext } from '@dspy-nest/platform';
import { eventually } from '@dspy-nest/testing';
import { RegistryUnderTest } from './registry-under-test';

const SAVED = join(__dirname, '../../../libs/contracts/fixtures/program-states');
const savedBy = (module: string): object => JSON.parse(readFileSync(join(SAVED, `${module}.json`), 'utf8')) as object;
const saved = savedBy('Predict') as { demos: object[]; lm: unknown };

/** Settings without which a module is refused. */
const NEEDED: Partial<Record<ProgramVersionV1['module'], ProgramConfig>> = {
  BestOfN: { reward: { field: 'answer' } },
  Refine: { reward: { field: 'answer' } },
  ReAct: { tools: ['lookup'] },
};

describe('learned states', () => {
  let registry: RegistryUnderTest;
  const create = (name: string): Promise<ProgramV1> =>
    registry.ask<ProgramV1>(REQUESTS.programCreate, { name, signature: 'question -> answer' });
  const learn = (name: string, state: object, more: object = {}): Promise<ProgramStateImportedV1> =>
    registry.ask(REQUESTS.programStateImport, { name, state, ...more });
  const stateOf = (name: string, version?: number): Promise<ProgramStateV1> =>
    registry.ask(REQUESTS.programStateGet, { name, version });

  beforeAll(async () => {
    const tools = join(mkdtempSync(join(tmpdir(), 'tools-')), 'tools.json');
    writeFileSync(tools, JSON.stringify({ tools: [{ name: 'lookup' }] }));
    registry = await RegistryUnderTest.start({ environment: { DSPY_NEST_TOOLS_FILE: tools } });
  });
  afterAll(() => registry.stop());

  it.each(ModuleName.options)('of %s come in as plain DSPy saved them and go out so', async (module) => {
    const name = `learned-${module.toLowerCase()}`;
    const definition = `question -> answer: ${NEEDED[module]?.reward === undefined ? 'string' : 'int'}`;
    const program = { name, signature: definition, module, config: NEEDED[module] ?? {} };
    await registry.ask<ProgramV1>(REQUESTS.programCreate, program);
    expect((await learn(name, savedBy(module))).notes).toEqual([]);
    expect((await stateOf(name)).state).toEqual(savedBy(module));
  });

  it('make a new version with a hash of its own, which workers get whole', async () => {
    const first = await create('learner');
    const { notes, ...second } = await learn('learner', saved);
    expect(notes).toEqual([]);
    expect(second).toEqual({ ...first, version: 2, hash: second.hash, updatedAt: second.updatedAt });
    expect(second.hash).not.toBe(first.hash);
    expect(await registry.ask(REQUESTS.programGet, { name: 'learner' })).toEqual(second);
    const message = { programId: first.id, version: 2 };
    const version = await registry.ask<ProgramVersionV1>(REQUESTS.programVersionGet, message);
    expect(ProgramVersionV1.parse(version)).toMatchObject({ hash: second.hash, state: saved });
    expect(await registry.ask(REQUESTS.programResolve, { name: 'learner' })).toEqual(version);
    expect(await registry.ask(REQUESTS.programResolve, { name: 'learner', version: 1 })).toMatchObject({ state: null });
    expect(await stateOf('learner')).toEqual({ id: first.id, version: 2, state: saved });
    await eventually(async () => {
      const told = (await registry.events()).filter(({ event }) => event.data.id === first.id);
      expect(told.map(({ event }) => event.data.version)).toEqual([1, 2]);
    });
  });

  it('are not in what only tells of versions', async () => {
    await create('listed');
    await learn('listed', saved);
    const versions = await registry.ask<Page<ProgramV1>>(REQUESTS.programVersions, { name: 'listed' });
    expect(versions.items).toMatchObject([{ version: 2 }, { version: 1 }]);
    expect(JSON.stringify(versions)).not.toContain('Madrid');
  });

  it('can be in a version that is not published, until it is', async () => {
    const { id } = await create('candidate');
    const message = { programId: id, version: 1, state: saved };
    const ctx = { ...newContext(), idempotencyKey: 'candidate' };
    const candidate = await registry.ask<ProgramV1>(REQUESTS.programCandidateAdd, message, ctx);
    expect(await registry.ask(REQUESTS.programCandidateAdd, message, ctx)).toEqual(candidate);
    expect(candidate.version).toBe(2);
    expect(await registry.ask(REQUESTS.programGet, { name: 'candidate' })).toMatchObject({ version: 1 });
    expect((await stateOf('candidate', 2)).state).toEqual(saved);
    const third = await registry.ask<ProgramV1>(REQUESTS.programUpdate, { name: 'candidate', format: 'json' });
    expect(third.version).toBe(3);
    const publish = { programId: id, version: 2 };
    const stale = await registry.refusal(REQUESTS.programPublish, { ...publish, instead: 1 });
    expect(stale).toMatchObject({ code: 'version_conflict' });
    expect(await registry.ask(REQUESTS.programPublish, publish)).toEqual(candidate);
    expect(await registry.ask(REQUESTS.programGet, { name: 'candidate' })).toEqual(candidate);
    const fourth = await registry.ask<ProgramV1>(REQUESTS.programUpdate, { name: 'candidate', format: 'xml' });
    expect(fourth).toMatchObject({ version: 4, format: 'xml' });
    expect((await stateOf('candidate')).state).toEqual(saved);
  });

  it('stay with a program that changes in other ways', async () => {
    await create('keeper');
    await learn('keeper', saved);
    const third = await registry.ask<ProgramV1>(REQUESTS.programUpdate, { name: 'keeper', format: 'json' });
    expect(third.version).toBe(3);
    expect((await stateOf('keeper')).state).toEqual(saved);
    expect(await registry.ask(REQUESTS.programUpdate, { name: 'keeper', format: 'json' })).toEqual(third);
  });

  it('are left behind when told so, and in the way of a signature that they do not fit', async () => {
    await create('mover');
    await learn('mover', saved);
    const move = { name: 'mover', signature: 'question, context -> answer' };
    const refusal = await registry.refusal(REQUESTS.programUpdate, move);
    expect(refusal).toMatchObject({ code: 'validation_failed', details: { errors: [{ pointer: '/state' }] } });
    expect(await registry.ask(REQUESTS.programUpdate, { ...move, state: null })).toMatchObject({ version: 3 });
    const gone = await registry.refusal(REQUESTS.programStateGet, { name: 'mover' });
    expect(gone).toMatchObject({ code: 'program_state_not_found' });
    expect((await stateOf('mover', 2)).state).toEqual(saved);
  });

  it('travel in the store of large messages when they are large', async () => {
    const large = { ...saved, demos: [{ question: 'x'.repeat(600_000), answer: 'y' }] };
    const { id } = await create('large');
    await learn('large', large);
    const version = await registry.ask<ProgramVersionV1>(REQUESTS.programVersionGet, { programId: id, version: 2 });
    expect(version.state).toEqual(large);
  });

  it('never hold a key, not even in the database', async () => {
    await create('secretive');
    const lm = { model: 'openai/gpt', api_key: 'sk-planted', api_base: 'http://planted', headers: { a: 'planted' } };
    const { notes } = await learn('secretive', { ...saved, lm });
    expect(notes.map(({ pointer }) => pointer)).toEqual(['/lm/api_key', '/lm/api_base', '/lm/headers']);
    const rows = await registry.query('SELECT * FROM registry.program_versions');
    expect(JSON.stringify(rows)).toContain('Madrid');
    expect(JSON.stringify(rows)).not.toContain('planted');
  });

  it('are imported once for a key, and only into what the caller saw', async () => {
    const { id } = await create('careful');
    const ctx = { ...newContext(), idempotencyKey: 'import-1' };
    const message = { name: 'careful', state: saved, ifMatch: [`${id}.1`] };
    const first = await registry.ask(REQUESTS.programStateImport, message, ctx);
    expect(first).toMatchObject({ version: 2 });
    expect(await registry.ask(REQUESTS.programStateImport, message, ctx)).toEqual(first);
    expect(await registry.refusal(REQUESTS.programStateImport, message)).toMatchObject({ code: 'version_conflict' });
    expect(await registry.refusal(REQUESTS.programStateImport, { ...message, state: {} }, ctx)).toMatchObject({
      code: 'idempotency_key_reused',
    });
  });

  it('are refused with the places that are wrong, and leave nothing behind', async () => {
    await create('refused');
    const refusal = await registry.refusal(REQUESTS.programStateImport, {
      name: 'refused',
      state: { ...saved, demos: [{}] },
    });
    expect(refusal).toMatchObject({ code: 'validation_failed', details: { errors: [{ pointer: '/demos/0' }] } });
    expect(await registry.ask(REQUESTS.programGet, { name: 'refused' })).toMatchObject({ version: 1 });
    const nobody = await registry.refusal(REQUESTS.programStateImport, { name: 'nobody', state: saved });
    expect(nobody).toMatchObject({ code: 'program_not_found' });
  });

  it('are in GraphQL', async () => {
    await create('graphic');
    const mutation = `mutation ($input: ImportProgramStateInput!) {
      importProgramState(input: $input) { program { name version signature { name } } notes { pointer } }
    }`;
    const input = { name: 'graphic', state: { ...saved, lm: { model: 'm', api_key: 'sk' } } };
    expect(await registry.graphql(mutation, { input })).toMatchObject({
      data: {
        importProgramState: {
          program: { name: 'graphic', version: 2, signature: { name: 'Graphic' } },
          notes: [{ pointer: '/lm/api_key' }],
        },
      },
    });
    const query = 'query ($version: Int) { programState(name: "graphic", version: $version) }';
    expect(await registry.graphql(query)).toEqual({ data: { programState: { ...saved, lm: { model: 'm' } } } });
    const none = await registry.graphql(query, { version: 1 });
    expect(none.errors).toMatchObject([{ extensions: { code: 'program_state_not_found' } }]);
  });
});
