import {
  ProgramInterfaceV1,
  ProgramVersionV1,
  REQUESTS,
  type Page,
  type ProgramV1,
  type SignatureV1,
} from '@dspy-nest/contracts';
import { newContext } from '@dspy-nest/platform';
import { parseSignature } from '@dspy-nest/signature';
import { eventually, programVersion } from '@dspy-nest/testing';
import { RegistryUnderTest } from './registry-under-test';

const DEFINITION = 'ticket: string -> team: enum["billing", "shipping"]';

describe('programs', () => {
  let registry: RegistryUnderTest;
  const create = (message: object): Promise<ProgramV1> => registry.ask<ProgramV1>(REQUESTS.programCreate, message);
  const update = (message: object): Promise<ProgramV1> => registry.ask<ProgramV1>(REQUESTS.programUpdate, message);

  beforeAll(async () => {
    registry = await RegistryUnderTest.start();
    await registry.ask(REQUESTS.signatureCreate, { name: 'Shared', definition: DEFINITION });
  });
  afterAll(() => registry.stop());

  it('is Predict on the default model unless told otherwise', async () => {
    const program = await create({ name: 'plain', signature: 'Shared' });
    expect(program).toMatchObject({
      name: 'plain',
      version: 1,
      description: null,
      signature: 'Shared',
      signatureVersion: 1,
      module: 'Predict',
      model: null,
      adapter: 'auto',
      format: 'auto',
      config: {},
    });
    expect(await registry.ask(REQUESTS.programGet, { name: 'plain' })).toEqual(program);
  });

  it('makes the signature of an inline definition too', async () => {
    expect(await create({ name: 'route-ticket', signature: DEFINITION })).toMatchObject({
      signature: 'RouteTicket',
      signatureVersion: 1,
    });
    const signature = await registry.ask<SignatureV1>(REQUESTS.signatureGet, { name: 'RouteTicket' });
    expect(signature.definition).toBe(parseSignature(DEFINITION).definition);
  });

  it('gives workers the whole version with the hash of what they run', async () => {
    const program = await create({
      name: 'whole',
      signature: 'Shared',
      module: 'ChainOfThought',
      config: { maxTokens: 5 },
    });
    const resolved = await registry.ask<ProgramVersionV1>(REQUESTS.programResolve, { name: 'whole' });
    expect(ProgramVersionV1.parse(resolved)).toEqual(resolved);
    const signature = parseSignature(DEFINITION, { name: 'Shared' });
    const expected = programVersion({ signature, module: 'ChainOfThought', config: { maxTokens: 5 } });
    expect(resolved).toEqual({ ...expected, programId: program.id, name: 'whole' });
    const message = { programId: program.id, version: 1 };
    expect(await registry.ask(REQUESTS.programVersionGet, message)).toEqual(resolved);
  });

  it('makes a new version of a change and none of what says the same', async () => {
    const first = await create({ name: 'changed', signature: 'Shared', config: { temperature: 0 } });
    const second = await update({ name: 'changed', format: 'json', description: 'Better.' });
    expect(second).toMatchObject({
      id: first.id,
      version: 2,
      format: 'json',
      config: { temperature: 0 },
      hash: first.hash,
    });
    expect(await update({ name: 'changed', format: 'json', config: { temperature: 0 }, signature: 'Shared' })).toEqual(
      second,
    );
    expect(await registry.ask(REQUESTS.programGet, { name: 'changed', version: 1 })).toEqual(first);
    const versions = await registry.ask<Page<ProgramV1>>(REQUESTS.programVersions, { name: 'changed' });
    expect(versions).toEqual({ items: [second, first], nextCursor: null });
    expect(await registry.ask(REQUESTS.programResolve, { name: 'changed' })).toMatchObject({ version: 2 });
    const beyond = { name: 'changed', version: 2_147_483_648 };
    await expect(registry.ask(REQUESTS.programResolve, beyond)).rejects.toMatchObject({ code: 'validation_failed' });
    expect(await registry.ask(REQUESTS.programResolve, { name: 'changed', version: 1 })).toMatchObject({
      format: 'auto',
    });
  });

  it('makes a version of changed limits, which workers run as what they have', async () => {
    const clocks = { timeoutMs: 5_000, limits: { idleMs: 200 } };
    const validation = { inputs: 'coerce', outputs: 'strict' };
    const settings = { ...clocks, maxRetries: 0, maxConcurrency: 4, record: 'none', validation };
    const first = await create({ name: 'limited', signature: 'Shared', config: { temperature: 0 } });
    const second = await update({ name: 'limited', config: { temperature: 0, ...settings } });
    expect(second).toMatchObject({ version: 2, config: { temperature: 0, ...settings }, hash: first.hash });
    expect(await registry.ask(REQUESTS.programResolve, { name: 'limited' })).toMatchObject({
      version: 2,
      hash: first.hash,
      config: settings,
    });
  });

  it('keeps the version of its signature until told otherwise', async () => {
    await registry.ask(REQUESTS.signatureCreate, { name: 'Moving', definition: 'a -> b' });
    await create({ name: 'pinned', signature: 'Moving' });
    await registry.ask(REQUESTS.signatureUpdate, { name: 'Moving', definition: 'a -> b, c' });
    expect(await update({ name: 'pinned', module: 'ChainOfThought' })).toMatchObject({
      version: 2,
      signatureVersion: 1,
    });
    expect(await update({ name: 'pinned', signature: 'Moving' })).toMatchObject({ version: 3, signatureVersion: 2 });
    const old = await registry.ask<ProgramVersionV1>(REQUESTS.programResolve, { name: 'pinned', version: 2 });
    expect(old.signature).toMatchObject({ version: 1, outputs: [{ name: 'b' }] });
  });

  it('takes any version of a signature that is asked for', async () => {
    await registry.ask(REQUESTS.signatureCreate, { name: 'Chosen', definition: 'a -> b' });
    for (const definition of ['a -> b, c', 'a -> b, c, d'])
      await registry.ask(REQUESTS.signatureUpdate, { name: 'Chosen', definition });
    expect(await create({ name: 'chooser', signature: 'Chosen', signatureVersion: 2 })).toMatchObject({
      version: 1,
      signatureVersion: 2,
    });
    expect(await update({ name: 'chooser', signatureVersion: 2 })).toMatchObject({ version: 1 });
    expect(await update({ name: 'chooser', signatureVersion: 3 })).toMatchObject({ version: 2, signatureVersion: 3 });
    const back = await update({ name: 'chooser', signature: 'Chosen', signatureVersion: 1 });
    expect(back).toMatchObject({ version: 3, signatureVersion: 1 });
    const resolved = await registry.ask<ProgramVersionV1>(REQUESTS.programResolve, { name: 'chooser' });
    expect(resolved.signature).toMatchObject({ version: 1, outputs: [{ name: 'b' }] });
    const missing = await registry.refusal(REQUESTS.programUpdate, { name: 'chooser', signatureVersion: 9 });
    expect(missing).toMatchObject({
      code: 'signature_not_found',
      message: expect.stringMatching(/no version 9/) as string,
    });
    const moot = await registry.refusal(REQUESTS.programUpdate, {
      name: 'chooser',
      signature: 'a -> b',
      signatureVersion: 1,
    });
    expect(moot).toMatchObject({ code: 'validation_failed', details: { errors: [{ pointer: '/signatureVersion' }] } });
  });

  it('changes its own signature by a definition, and makes one when it had another', async () => {
    await create({ name: 'own', signature: 'a -> b' });
    expect(await update({ name: 'own', signature: 'a -> b, c' })).toMatchObject({
      version: 2,
      signature: 'Own',
      signatureVersion: 2,
    });
    await create({ name: 'lent', signature: 'Shared' });
    expect(await update({ name: 'lent', signature: 'a -> b' })).toMatchObject({
      signature: 'Lent',
      signatureVersion: 1,
    });
    expect(await registry.ask(REQUESTS.signatureGet, { name: 'Shared' })).toMatchObject({ version: 1 });
  });

  it('leaves nothing behind when the signature of an inline definition clashes', async () => {
    await registry.ask(REQUESTS.signatureCreate, { name: 'TakenName', definition: 'a -> b' });
    const refused = await registry.refusal(REQUESTS.programCreate, { name: 'taken-name', signature: DEFINITION });
    expect(refused).toMatchObject({ code: 'name_conflict', message: expect.stringContaining('"TakenName"') as string });
    expect((await registry.refusal(REQUESTS.programGet, { name: 'taken-name' })).code).toBe('program_not_found');
  });

  it('refuses names that clash, in GraphQL too', async () => {
    await create({ name: 'a-b', signature: 'Shared' });
    const inRest = await registry.refusal(REQUESTS.programCreate, { name: 'a-b', signature: 'Shared' });
    expect(inRest).toMatchObject({
      code: 'name_conflict',
      message: expect.stringContaining('"a-b" is taken') as string,
    });
    const inGraphql = await registry.refusal(REQUESTS.programCreate, { name: 'a--b', signature: 'Shared' });
    expect(inGraphql).toMatchObject({
      code: 'name_conflict',
      message: expect.stringContaining('"aB" in GraphQL') as string,
    });
    const reserved = await registry.refusal(REQUESTS.programCreate, { name: 'execute-program', signature: 'Shared' });
    expect(reserved).toMatchObject({ code: 'name_conflict', message: expect.stringContaining('reserved') as string });
    const hiding = await registry.refusal(REQUESTS.programCreate, { name: 'hiding', signature: 'goal -> execution' });
    expect(hiding).toMatchObject({ code: 'name_conflict', details: { errors: [{ pointer: '/signature' }] } });
    await create({ name: 'later-hiding', signature: 'goal -> plan' });
    const later = await registry.refusal(REQUESTS.programUpdate, { name: 'later-hiding', signature: 'a -> execution' });
    expect(later.code).toBe('name_conflict');
  });

  it('tells other services what a program takes and gives, of all or of some', async () => {
    const program = await create({
      name: 'told',
      signature: DEFINITION,
      description: 'Routes.',
      module: 'ChainOfThought',
    });
    await update({ name: 'told', description: 'Routes tickets.' });
    const ask = (message: object) => registry.ask<Page<ProgramInterfaceV1>>(REQUESTS.programInterfaces, message);
    const { items } = await ask({ filter: { id: { in: [program.id, '0190f5fe-7c00-7a00-8abc-0123456789ab'] } } });
    expect(items.map((item) => ProgramInterfaceV1.parse(item))).toEqual([
      {
        programId: program.id,
        name: 'told',
        version: 2,
        description: 'Routes tickets.',
        module: 'ChainOfThought',
        signature: parseSignature(DEFINITION, { name: 'Told' }),
      },
    ]);
    expect((await ask({ limit: 1, sort: 'createdAt' })).nextCursor).not.toBeNull();
  });

  it.each([
    [{ signature: 'Nowhere' }, 'signature_not_found', /"Nowhere".*Create it first/],
    [{ signature: 'Shared', model: 'nowhere' }, 'model_not_found', /"nowhere".*Create it first/],
    [{ signature: 'question: strin -> answer' }, 'invalid_signature', /strin/],
    [{ signature: 'question: string' }, 'invalid_signature', /->/],
    [{ signature: 'Shared', format: 'yaml' }, 'validation_failed', /\/format/],
    [{ signature: 'Shared', adapter: 'native', format: 'xml' }, 'validation_failed', /format json, not in xml/],
    [{ signature: 'Shared', adapter: 'native', module: 'Majority' }, 'validation_failed', /not Majority/],
    [{ signature: 'Shared', adapter: 'router' }, 'validation_failed', /config.models/],
    [{ signature: 'Shared', adapter: 'multi' }, 'validation_failed', /adapter "multi"/],
    [{ signature: 'Shared', config: { models: ['nowhere'] } }, 'model_not_found', /"nowhere"/],
    [{ signature: 'Shared', config: { models: [] } }, 'validation_failed', /\/config\/models/],
    [{ signature: 'Shared', module: 'Flex' }, 'validation_failed', /\/module/],
    [{ signature: 'Shared', module: 'ReAct', config: { tools: ['shell'] } }, 'validation_failed', /may not call/],
    [{ signature: 'Shared', config: { temperature: 9 } }, 'validation_failed', /\/config\/temperature/],
    [{ signature: 'Shared', config: { limits: { idleMs: 0 } } }, 'validation_failed', /\/config\/limits\/idleMs/],
    [{ signature: 'Shared', description: '\0' }, 'validation_failed', /"description"/],
  ])('refuses %j as %s', async (message, code, text) => {
    const refused = await registry.refusal(REQUESTS.programCreate, { name: 'refused', ...message });
    expect(refused.code).toBe(code);
    expect(refused.message).toMatch(text);
    expect((await registry.refusal(REQUESTS.programGet, { name: 'refused' })).code).toBe('program_not_found');
  });

  it('points to the place in an inline definition', async () => {
    const refused = await registry.refusal(REQUESTS.programCreate, {
      name: 'typo',
      signature: 'question: strin -> answer',
    });
    expect(refused.details.errors).toEqual([expect.objectContaining({ pointer: '/signature', column: 11 })]);
  });

  it.each([
    [REQUESTS.programUpdate, { name: 'absent', format: 'json' }, 'program_not_found'],
    [REQUESTS.programDelete, { name: 'absent' }, 'program_not_found'],
    [REQUESTS.programVersions, { name: 'absent' }, 'program_not_found'],
    [REQUESTS.programResolve, { name: 'absent' }, 'program_not_found'],
    [REQUESTS.programResolve, { name: 'plain', version: 9 }, 'program_version_not_found'],
    [
      REQUESTS.programVersionGet,
      { programId: '0190f5fe-7c00-7a00-8abc-0123456789ab', version: 1 },
      'program_not_found',
    ],
    [REQUESTS.programVersionGet, { programId: 'x'.repeat(36), version: 1 }, 'program_not_found'],
  ])('%s of %j is %s', async (subject, message, code) => {
    expect((await registry.refusal(subject, message)).code).toBe(code);
  });

  it('is deleted with its versions, and its name can be had again', async () => {
    const first = await create({ name: 'gone', signature: 'Shared' });
    await update({ name: 'gone', format: 'json' });
    expect(await registry.ask(REQUESTS.programDelete, { name: 'gone' })).toMatchObject({ id: first.id, version: 2 });
    const rows = await registry.query('SELECT 1 FROM registry.program_versions WHERE program_id = $1', [first.id]);
    expect(rows).toEqual([]);
    const again = await create({ name: 'gone', signature: 'Shared' });
    expect(again).toMatchObject({ version: 1 });
    expect(again.id).not.toBe(first.id);
  });

  it('lists by the name of the signature', async () => {
    await registry.ask(REQUESTS.signatureCreate, { name: 'Listed', definition: 'a -> b' });
    for (const name of ['listed-b', 'listed-a']) await create({ name, signature: 'Listed' });
    const request = { sort: '-name', filter: { signature: { eq: 'Listed' } } };
    const page = await registry.ask<Page<ProgramV1>>(REQUESTS.programList, request);
    expect(page.items.map(({ name }) => name)).toEqual(['listed-b', 'listed-a']);
  });

  it('keeps tenants apart', async () => {
    const other = newContext('other');
    await registry.ask(REQUESTS.programCreate, { name: 'plain', signature: 'a -> b' }, other);
    const page = await registry.ask<Page<ProgramV1>>(REQUESTS.programList, {}, other);
    expect(page.items).toMatchObject([{ name: 'plain', signature: 'Plain' }]);
    const [theirs] = page.items;
    const message = { programId: theirs!.id, version: 1 };
    expect((await registry.refusal(REQUESTS.programVersionGet, message)).code).toBe('program_not_found');
    const subjects = await eventually(async () => {
      const events = (await registry.events()).filter(({ event }) => event.tenant === 'other');
      expect(events).toHaveLength(2);
      return events.map(({ subject }) => subject);
    });
    expect(subjects).toEqual([
      'dspy.evt.other.registry.signature.created.v1',
      'dspy.evt.other.registry.program.published.v1',
    ]);
  });
});
