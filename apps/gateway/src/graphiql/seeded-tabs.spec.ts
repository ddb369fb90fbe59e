import type { ProgramInterfaceV1 } from '@dspy-nest/contracts';
import { parseSignature } from '@dspy-nest/signature';
import { parse } from 'graphql';
import { seededTabs } from './seeded-tabs';

const program = (programId: string, name: string, definition: string): ProgramInterfaceV1 => ({
  programId,
  name,
  version: 1,
  description: null,
  module: 'Predict',
  signature: parseSignature(definition, { name: 'Tested' }),
});

it('are documents of GraphQL, with variables in JSON', () => {
  const tabs = seededTabs([
    program('2', 'ticket-router', 'ticket, tries: int -> team: enum["a", "b"], notes: list[object{ text: string }]'),
    program('1', 'older', 'a -> b'),
  ]);
  expect(tabs).toHaveLength(4);
  for (const { query, variables } of tabs) {
    expect(parse(query).definitions).toHaveLength(1);
    if (variables !== undefined) expect(JSON.parse(variables)).toEqual(expect.any(Object));
  }
});

it('run the newest program, and select what it gives', () => {
  const [, run, past] = seededTabs([
    program('1', 'older', 'a -> b'),
    program('2', 'ticket-router', 'ticket -> team: enum["a", "b"], notes: list[object{ text: string }]?'),
  ]);
  expect(run!.query).toMatch(/ticketRouter\(inputs: \$inputs\) \{\s+team notes \{ text \}\s+execution \{ id status/);
  expect(JSON.parse(run!.variables!)).toEqual({ inputs: { ticket: 'Some ticket' } });
  expect(past!.query).toContain('ticketRouterExecutions(first: 10) {');
});

it('show how to make a program where there is none that has types', () => {
  const tabs = seededTabs([program('1', 'plan', 'goal -> execution')]);
  expect(tabs.map(({ query }) => parse(query).definitions[0])).toMatchObject([
    { operation: 'query' },
    { operation: 'mutation', name: { value: 'CreateProgram' } },
  ]);
});
