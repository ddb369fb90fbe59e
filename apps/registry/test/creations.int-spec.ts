import { randomUUID } from 'node:crypto';
import { REQUESTS } from '@dspy-nest/contracts';
import { newContext, type RequestContext } from '@dspy-nest/platform';
import { eventually } from '@dspy-nest/testing';
import { RegistryUnderTest } from './registry-under-test';

let registry: RegistryUnderTest;
beforeAll(async () => {
  registry = await RegistryUnderTest.start({ replicas: 2 });
}, 60_000);
afterAll(() => registry.stop());

const underKey = (idempotencyKey: string = randomUUID(), tenant?: string): RequestContext => ({
  ...newContext(tenant),
  idempotencyKey,
});

const PROGRAM = { signature: 'ticket: string -> team: enum["a", "b"]', config: { limits: { idleMs: 5 } } };
const MODEL = { model: 'x', baseUrl: 'https://models.example/v1', apiKey: 'sk-of-somebody' };

describe.each([
  { entity: 'signature', told: 'created', of: (name: string) => ({ name: `S${name}`, definition: 'a -> b' }) },
  { entity: 'program', told: 'published', of: (name: string) => ({ ...PROGRAM, name: `p${name}` }) },
  { entity: 'model', told: 'created', of: (name: string) => ({ ...MODEL, name: `m${name}` }) },
] as const)('creating a $entity under a key', ({ entity, told, of }) => {
  const create = REQUESTS[`${entity}Create`];
  const createdEvents = async (id: string): Promise<number> =>
    (await registry.events()).filter(({ event }) => event.subject === id && event.type.includes(`.${told}.`)).length;

  it('answers the same again and makes it once, also when the members come in another order', async () => {
    const [ctx, request] = [underKey(), of('again')];
    const first = await registry.ask<{ id: string }>(create, request, ctx);
    const reordered = Object.fromEntries(Object.entries(request).reverse());
    expect(await registry.ask(create, reordered, ctx)).toEqual(first);
    await eventually(async () => expect(await createdEvents(first.id)).toBe(1));
  });

  it('answers as it did first when the thing has changed or gone since', async () => {
    const [ctx, request] = [underKey(), of('gone')];
    const first = await registry.ask(create, request, ctx);
    await registry.ask(REQUESTS[`${entity}Delete`], { name: request.name });
    expect(await registry.ask(create, request, ctx)).toEqual(first);
    expect((await registry.refusal(REQUESTS[`${entity}Get`], { name: request.name })).code).toBe(`${entity}_not_found`);
  });

  it('refuses another body', async () => {
    const ctx = underKey();
    await registry.ask(create, of('body'), ctx);
    const refused = await registry.refusal(create, of('other'), ctx);
    expect(refused.code).toBe('idempotency_key_reused');
    expect((await registry.refusal(REQUESTS[`${entity}Get`], { name: of('other').name })).code).toBe(
      `${entity}_not_found`,
    );
  });

  it('makes one of many that come at once, and answers all of them with it', async () => {
    const [ctx, request] = [underKey(), of('many')];
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => registry.ask<{ id: string }>(create, request, ctx)),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    await eventually(async () => expect(await createdEvents(answers[0]!.id)).toBe(1));
  });

  it('keeps no key of what was refused', async () => {
    const ctx = underKey();
    await registry.ask(create, of('taken'));
    expect((await registry.refusal(create, of('taken'), ctx)).code).toBe('name_conflict');
    expect(await registry.ask(create, of('free'), ctx)).toMatchObject({ name: of('free').name, version: 1 });
  });

  it('knows the keys of each tenant apart', async () => {
    const key = randomUUID();
    const first = await registry.ask<{ id: string }>(create, of('tenant'), underKey(key));
    const other = await registry.ask<{ id: string }>(create, of('tenant'), underKey(key, 'other'));
    expect(other.id).not.toBe(first.id);
  });
});

it('tells things of different kinds apart', async () => {
  const ctx = underKey();
  await registry.ask(REQUESTS.signatureCreate, { name: 'Kind', definition: 'a -> b' }, ctx);
  const refused = await registry.refusal(REQUESTS.programCreate, { name: 'kind', signature: 'Kind' }, ctx);
  expect(refused.code).toBe('idempotency_key_reused');
});

it('keeps no key of a model beside the idempotency key', async () => {
  await registry.ask(REQUESTS.modelCreate, { ...MODEL, name: 'secret' }, underKey());
  const rows = await registry.query<{ row: string }>('SELECT k::text AS row FROM registry.idempotency_keys k');
  expect(rows.length).toBeGreaterThan(0);
  for (const { row } of rows) expect(row).not.toContain(MODEL.apiKey);
});
