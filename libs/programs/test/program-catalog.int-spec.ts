import { EventBus, Nats, RequestClient } from '@dspy-nest/messaging';
import { eventually, startServers, type TestServers } from '@dspy-nest/testing';
import { Logger } from '@nestjs/common';
import { ProgramCatalog } from '../src/program-catalog';
import { ScriptedRegistry } from './scripted-registry';
import { program } from './typed-graph';

let servers: TestServers;
let registry: ScriptedRegistry;
let nats: Nats;
let catalog: ProgramCatalog;
let changes: string[];

beforeAll(async () => {
  Logger.overrideLogger(false);
  servers = await startServers({ only: ['nats'] });
}, 30_000);
afterAll(() => servers?.stop());

beforeEach(async () => {
  registry = await ScriptedRegistry.start(servers.natsUrl);
  nats = await Nats.connect(servers.natsUrl, 'test');
});
afterEach(async () => {
  catalog?.onModuleDestroy();
  await nats.close();
  await registry.stop();
});

/** Starts a catalogue; resolves when the server knows what it listens to. */
async function start(): Promise<void> {
  catalog = new ProgramCatalog(new RequestClient(nats), new EventBus(nats), nats);
  changes = [];
  catalog.onChange((tenant) => changes.push(tenant));
  catalog.onModuleInit();
  await nats.connection.flush();
}

const names = (): string[] => [...catalog.of('default')].map(({ name }) => name).toSorted();
const known = (): Promise<void> => eventually(() => expect(catalog.knows('default')).toBe(true));

it('reads all programs at the start, page by page', async () => {
  for (let i = 0; i < 120; i += 1) {
    const one = program(`p${i}`, 'a -> b');
    registry.programs.set(one.programId, one);
  }
  await start();
  expect(names()).toEqual([]);
  await known();
  expect(names()).toHaveLength(120);
  expect(registry.asked.map(({ cursor }) => cursor)).toEqual([undefined, '50', '100']);
  expect(changes).toEqual(['default']);
});

it('learns of what is created, changed and deleted, and asks for that alone', async () => {
  await start();
  await known();
  const one = program('one', 'a -> b');
  await registry.publish(one);
  await eventually(() => expect(names()).toEqual(['one']));
  expect(registry.asked.at(-1)?.filter).toEqual({ id: { in: [one.programId] } });
  await registry.publish({ ...one, version: 2 });
  await eventually(() => expect([...catalog.of('default')]).toMatchObject([{ name: 'one', version: 2 }]));
  await registry.delete(one);
  await eventually(() => expect(names()).toEqual([]));
});

it('tells of many changes at once', async () => {
  await start();
  await known();
  const many = Array.from({ length: 20 }, (_, i) => program(`p${i}`, 'a -> b'));
  await Promise.all(many.map((one) => registry.publish(one)));
  await eventually(() => expect(names()).toHaveLength(20));
  // All that came while a reading was under way shares the next.
  expect(registry.asked.length).toBeLessThan(10);
  expect(changes).toHaveLength(registry.asked.length);
});

it('waits for a registry that is not there yet', async () => {
  registry.isBroken = true;
  const one = program('one', 'a -> b');
  registry.programs.set(one.programId, one);
  await start();
  await eventually(() => expect(registry.asked.length).toBeGreaterThan(1));
  expect(catalog.knows('default')).toBe(false);
  registry.isBroken = false;
  await known();
  expect(names()).toEqual(['one']);
});

it('loses no change that came while the registry was away', async () => {
  await start();
  await known();
  registry.isBroken = true;
  await registry.publish(program('one', 'a -> b'));
  await eventually(() => expect(registry.asked.length).toBeGreaterThan(2));
  registry.isBroken = false;
  await eventually(() => expect(names()).toEqual(['one']));
});

it('reads all anew when events may have been missed', async () => {
  await start();
  await known();
  const silent = program('silent', 'a -> b');
  registry.programs.set(silent.programId, silent);
  await nats.connection.reconnect();
  await eventually(() => expect(names()).toEqual(['silent']));
});

it('learns a tenant from the first time it is asked for', async () => {
  await start();
  await known();
  expect(catalog.knows('other')).toBe(false);
  expect([...catalog.of('other')]).toEqual([]);
  await eventually(() => expect(catalog.knows('other')).toBe(true));
  expect(changes).toEqual(['default', 'other']);
});
