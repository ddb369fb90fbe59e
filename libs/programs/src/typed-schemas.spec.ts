import type { ProgramInterfaceV1 } from '@dspy-nest/contracts';
import { eventually } from '@dspy-nest/testing';
import { Logger } from '@nestjs/common';
import { answering, BASE, executionOf, program } from '../test/typed-graph';
import { TypedSchemas } from './typed-schemas';

/** Programs that the test changes. */
class Programs {
  readonly byTenant = new Map<string, ProgramInterfaceV1[]>();
  readonly listeners = new Set<(tenant: string) => void>();

  of(tenant: string): ProgramInterfaceV1[] {
    return this.byTenant.get(tenant) ?? [];
  }

  onChange(listener: (tenant: string) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  set(tenant: string, ...programs: ProgramInterfaceV1[]): void {
    this.byTenant.set(tenant, programs);
    for (const listener of this.listeners) listener(tenant);
  }
}

let catalog: Programs;
let schemas: TypedSchemas;
let swaps: number;

beforeEach(() => {
  catalog = new Programs();
  swaps = 0;
  const calls = answering(executionOf(null));
  schemas = new TypedSchemas({ base: BASE, calls, catalog, timeShare: 0.5, onSwap: () => (swaps += 1) });
});
afterEach(() => schemas.stop());

const has = (tenant: string, type: string): boolean => schemas.of(tenant).schema.getType(type) !== undefined;

it('gives each tenant the types of its own programs', () => {
  catalog.byTenant.set('acme', [program('one', 'a -> b')]);
  expect([has('acme', 'OneOutputs'), has('other', 'OneOutputs')]).toEqual([true, false]);
  expect(schemas.of('acme')).toBe(schemas.of('acme'));
});

it('follows changes, many of them with one schema', async () => {
  schemas.of('acme');
  for (const names of [['one'], ['one', 'two'], ['one', 'two', 'three']])
    catalog.set('acme', ...names.map((name) => program(name, 'a -> b')));
  await eventually(() => expect(has('acme', 'ThreeOutputs')).toBe(true));
  expect(swaps).toBe(2);
});

it('tells once of a program without types', async () => {
  const errors: unknown[] = [];
  Logger.overrideLogger({ log: () => undefined, warn: () => undefined, error: (error) => errors.push(error) });
  const clashing = program('ping', 'a -> b');
  catalog.set('acme', clashing);
  await eventually(() => expect(swaps).toBe(1));
  catalog.set('acme', clashing, program('fine', 'a -> b'));
  await eventually(() => expect(has('acme', 'FineOutputs')).toBe(true));
  expect(errors.map(String)).toEqual([
    'Error: Program "ping" of tenant "acme" has no types in GraphQL: the mutation "ping" is taken.',
  ]);
  expect(schemas.of('acme').leftOut).toHaveLength(1);
});

it('follows no more once it is stopped', () => {
  schemas.stop();
  expect(catalog.listeners.size).toBe(0);
});
