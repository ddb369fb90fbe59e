import { REQUESTS, SignatureDiffV1, type Page, type SignatureV1 } from '@dspy-nest/contracts';
import { newContext } from '@dspy-nest/platform';
import { parseSignature } from '@dspy-nest/signature';
import { eventually } from '@dspy-nest/testing';
import { RegistryUnderTest } from './registry-under-test';

const DEFINITION = 'question: string -> answer: string';

describe('signatures', () => {
  let registry: RegistryUnderTest;
  const create = (name: string, definition = DEFINITION): Promise<SignatureV1> =>
    registry.ask<SignatureV1>(REQUESTS.signatureCreate, { name, definition });

  beforeAll(async () => {
    registry = await RegistryUnderTest.start();
  });
  afterAll(() => registry.stop());

  it('creates version 1 with the canonical definition and hash, and reads it back', async () => {
    const message = {
      name: 'Created',
      definition: 'question -> answer:str',
      instructions: 'Be brief.',
      description: 'QA.',
    };
    const created = await registry.ask<SignatureV1>(REQUESTS.signatureCreate, message);
    const spec = parseSignature(DEFINITION, { name: 'Created', instructions: 'Be brief.' });
    expect(created).toEqual({
      ...spec,
      description: 'QA.',
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/) as string,
      createdAt: expect.stringMatching(/Z$/) as string,
    });
    expect(await registry.ask(REQUESTS.signatureGet, { name: 'Created' })).toEqual(created);
  });

  it('makes a new version of a change, keeps the former, and none of what says the same', async () => {
    const first = await create('Changed');
    const second = await registry.ask<SignatureV1>(REQUESTS.signatureUpdate, {
      name: 'Changed',
      definition: 'question -> answer: int',
    });
    expect(second).toMatchObject({ id: first.id, version: 2 });
    expect(second.hash).not.toBe(first.hash);
    const same = await registry.ask(REQUESTS.signatureUpdate, {
      name: 'Changed',
      definition: 'question:str->answer: int',
    });
    expect(same).toEqual(second);
    expect(await registry.ask(REQUESTS.signatureGet, { name: 'Changed', version: 1 })).toEqual(first);
    const versions = await registry.ask<Page<SignatureV1>>(REQUESTS.signatureVersions, { name: 'Changed' });
    expect(versions).toEqual({ items: [second, first], nextCursor: null });
  });

  it('numbers changes that come at once without a gap', async () => {
    await create('Raced');
    const limits = [1, 2, 3, 4, 5, 6];
    const changed = await Promise.all(
      limits.map((limit) =>
        registry.ask<SignatureV1>(REQUESTS.signatureUpdate, { name: 'Raced', definition: `q -> a: int(max=${limit})` }),
      ),
    );
    expect(changed.map(({ version }) => version).sort()).toEqual([2, 3, 4, 5, 6, 7]);
  });

  it('lets one of many win a name', async () => {
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => create('Wanted')));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refused = await registry.refusal(REQUESTS.signatureCreate, { name: 'Wanted', definition: DEFINITION });
    expect(refused).toMatchObject({ code: 'name_conflict', message: expect.stringContaining('"Wanted"') as string });
  });

  it('refuses a bad definition with each place', async () => {
    const refused = await registry.refusal(REQUESTS.signatureCreate, {
      name: 'Bad',
      definition: 'question: strin -> answer',
    });
    expect(refused.code).toBe('invalid_signature');
    expect(refused.message).toContain('^^^^^');
    expect(refused.details.errors).toEqual([
      expect.objectContaining({ pointer: '/definition', offset: 10, line: 1, column: 11, length: 5 }),
    ]);
    const missing = await registry.refusal(REQUESTS.signatureGet, { name: 'Bad' });
    expect(missing).toMatchObject({ code: 'signature_not_found', message: expect.stringContaining('"Bad"') as string });
  });

  it.each([
    [{ name: 'lower', definition: DEFINITION }, '/name'],
    [{ name: 'Fine', definition: '' }, '/definition'],
    [{ name: 'Fine', definition: DEFINITION, extra: 1 }, ''],
    [{ name: 'Fine', definition: DEFINITION, description: 'a\0b' }, '/description'],
  ])('refuses %j', async (message, pointer) => {
    const refused = await registry.refusal(REQUESTS.signatureCreate, message);
    expect(refused.code).toBe('validation_failed');
    expect(refused.details.errors?.map((item) => item.pointer)).toContain(pointer);
  });

  it('does not know versions that never were', async () => {
    await create('Short');
    const refused = await registry.refusal(REQUESTS.signatureGet, { name: 'Short', version: 9 });
    expect(refused).toMatchObject({
      code: 'signature_not_found',
      message: expect.stringContaining('no version 9') as string,
    });
  });

  it('compares two versions, or one with the newest', async () => {
    await create('Compared', 'ticket -> team: enum["a", "b"]');
    await registry.ask(REQUESTS.signatureUpdate, {
      name: 'Compared',
      definition: 'ticket -> team: enum["a"], why',
      instructions: 'Be brief.',
    });
    await registry.ask(REQUESTS.signatureUpdate, { name: 'Compared', definition: 'ticket, customer -> team: string' });
    const compare = (from: number, to?: number): Promise<SignatureDiffV1> =>
      registry.ask<SignatureDiffV1>(REQUESTS.signatureDiff, { name: 'Compared', from, to });
    const kind = ({ verdict, changes }: SignatureDiffV1): string[] => [
      verdict,
      ...changes.map(({ code, pointer }) => `${code} ${pointer}`),
    ];
    const early = await compare(1, 2);
    expect(SignatureDiffV1.parse(early)).toEqual(early);
    expect(kind(early)).toEqual([
      'compatible',
      'enum_values_removed /outputs/team',
      'required_field_added /outputs/why',
      'instructions_changed /instructions',
    ]);
    expect(kind(await compare(2))).toEqual([
      'breaking',
      'required_field_added /inputs/customer',
      'type_widened /outputs/team',
      'field_removed /outputs/why',
    ]);
    expect(kind(await compare(3, 1))).toContain('field_removed /inputs/customer');
    expect(await compare(3)).toEqual({ verdict: 'identical', changes: [] });
  });

  it.each([
    [{ name: 'Compared', from: 1, to: 9 }, 'signature_not_found', /"Compared" has no version 9/],
    [{ name: 'Nowhere', from: 1 }, 'signature_not_found', /no signature "Nowhere"/],
    [{ name: 'Compared' }, 'validation_failed', /\/from/],
    [{ name: 'Compared', from: 0 }, 'validation_failed', /\/from/],
  ])('does not compare what is not there: %j', async (message, code, text) => {
    const refused = await registry.refusal(REQUESTS.signatureDiff, message);
    expect(refused).toMatchObject({ code, message: expect.stringMatching(text) as string });
  });

  it('deletes, unless programs were made with it, which it names', async () => {
    await create('Used');
    for (const name of ['user-b', 'user-a']) await registry.ask(REQUESTS.programCreate, { name, signature: 'Used' });
    const refused = await registry.refusal(REQUESTS.signatureDelete, { name: 'Used' });
    expect(refused).toMatchObject({ code: 'in_use', details: { programs: ['user-a', 'user-b'] } });
    expect(refused.message).toContain('"user-a", "user-b"');
    for (const name of ['user-a', 'user-b']) await registry.ask(REQUESTS.programDelete, { name });
    expect(await registry.ask(REQUESTS.signatureDelete, { name: 'Used' })).toMatchObject({ name: 'Used' });
    expect((await registry.refusal(REQUESTS.signatureDelete, { name: 'Used' })).code).toBe('signature_not_found');
    expect(await registry.query('SELECT 1 FROM registry.signature_versions WHERE name = $1', ['Used'])).toEqual([]);
  });

  it('lists by cursor, filter and sort', async () => {
    for (const name of ['ListedB', 'ListedC', 'ListedA']) await create(name);
    const request = { limit: 2, sort: 'name', filter: { name: { contains: 'listed' } } };
    const first = await registry.ask<Page<SignatureV1>>(REQUESTS.signatureList, request);
    expect(first.items.map(({ name }) => name)).toEqual(['ListedA', 'ListedB']);
    const second = await registry.ask<Page<SignatureV1>>(REQUESTS.signatureList, {
      ...request,
      cursor: first.nextCursor,
    });
    expect(second).toMatchObject({ items: [{ name: 'ListedC' }], nextCursor: null });
    const newest = await registry.ask<Page<SignatureV1>>(REQUESTS.signatureList, { limit: 1 });
    expect(newest.items.map(({ name }) => name)).toEqual(['ListedA']);
    const refused = await registry.refusal(REQUESTS.signatureList, { filter: { colour: { eq: 'x' } } });
    expect(refused).toMatchObject({
      code: 'validation_failed',
      message: expect.stringContaining('allowed are') as string,
    });
  });

  it('keeps tenants apart', async () => {
    const other = newContext('other');
    await create('Mine');
    const theirs = await registry.ask<SignatureV1>(
      REQUESTS.signatureCreate,
      { name: 'Mine', definition: 'a -> b' },
      other,
    );
    expect(theirs).toMatchObject({ version: 1, definition: parseSignature('a -> b').definition });
    const page = await registry.ask<Page<SignatureV1>>(REQUESTS.signatureList, {}, other);
    expect(page.items).toEqual([theirs]);
    expect((await registry.refusal(REQUESTS.signatureGet, { name: 'Created' }, other)).code).toBe(
      'signature_not_found',
    );
    const refused = await registry.refusal(REQUESTS.programCreate, { name: 'theirs', signature: 'Created' }, other);
    expect(refused.code).toBe('signature_not_found');
  });

  it('tells of every change once, in order, and of nothing that did not happen', async () => {
    const { id } = await create('Told');
    await registry.refusal(REQUESTS.signatureCreate, { name: 'Told', definition: DEFINITION });
    await registry.ask(REQUESTS.signatureUpdate, { name: 'Told', definition: 'a -> b' });
    await registry.ask(REQUESTS.signatureUpdate, { name: 'Told', definition: 'a -> b' });
    await registry.ask(REQUESTS.signatureDelete, { name: 'Told' });
    const told = await eventually(async () => {
      const events = (await registry.events()).filter(({ event }) => event.data.id === id);
      expect(events).toHaveLength(3);
      return events;
    });
    expect(told.map(({ subject, event }) => [subject, event.data])).toEqual([
      ['dspy.evt.default.registry.signature.created.v1', { id, name: 'Told', version: 1 }],
      ['dspy.evt.default.registry.signature.updated.v1', { id, name: 'Told', version: 2 }],
      ['dspy.evt.default.registry.signature.deleted.v1', { id, name: 'Told', version: 2 }],
    ]);
  });

  it('cannot change a version, not even by SQL', async () => {
    await create('Stone');
    const change = registry.query(`UPDATE registry.signature_versions SET definition = 'x -> y' WHERE name = 'Stone'`);
    await expect(change).rejects.toThrow(/immutable/);
  });
});
