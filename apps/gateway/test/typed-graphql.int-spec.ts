import { eventually } from '@dspy-nest/testing';
import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import { GatewayUnderTest } from './gateway-under-test';
import { ScriptedSubgraph } from './scripted-services';

interface Result {
  data?: Record<string, unknown> | null;
  errors?: { message: string; path?: string[]; extensions?: Record<string, unknown> }[];
}

const PAGE_INFO = `type PageInfo @shareable {
  hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }`;
const REGISTRY = `
  type Query { program(id: ID!): Program }
  type Program @key(fields: "id") { id: ID! name: String! }
  ${PAGE_INFO}
`;
const EXECUTION = `
  scalar JSON
  enum ExecutionStatus { SUCCEEDED FAILED }
  input StringFilter { eq: String }
  input StatusFilter { eq: ExecutionStatus }
  input ExecutionFilter { program: StringFilter status: StatusFilter }
  type Query {
    execution(id: ID!): Execution!
    executions(first: Int, after: String, filter: ExecutionFilter): ExecutionConnection!
  }
  type Mutation { executeProgram(programId: ID!, inputs: JSON!, version: Int, timeoutMs: Int): Execution! }
  type Execution @key(fields: "id") {
    id: ID! programId: ID! status: ExecutionStatus! version: Int! outputs: JSON inputs: JSON program: Program
    word(shout: Boolean): String result: ProgramOutput
  }
  type ExecutionEdge { cursor: String! node: Execution! }
  type ExecutionConnection { edges: [ExecutionEdge!]! pageInfo: PageInfo! }
  type UntypedOutput { outputs: JSON! execution: Execution! }
  union ProgramOutput = UntypedOutput
  type Program @key(fields: "id", resolvable: false) { id: ID! }
  ${PAGE_INFO}
`;
const ROUTER =
  'ticket: string -> team: enum["billing", "support"], sure: probability, notes: list[object{ text: string }]?';

jest.setTimeout(60_000);

let gateway: GatewayUnderTest;
let registry: ScriptedSubgraph;
let execution: ScriptedSubgraph;
/** What the service was asked for, field by field. */
let asked: { field: string; args: Record<string, unknown> }[] = [];
let programId = 'gone';
let release: (() => void) | undefined;

const OUTPUTS = { team: 'support', sure: 0.9, notes: [{ text: 'n' }] };
const executionOf = (id: string): object => ({
  id,
  programId,
  status: id === 'failed' ? 'FAILED' : 'SUCCEEDED',
  version: 1,
  outputs: id === 'failed' ? null : OUTPUTS,
  inputs: { ticket: id },
  program: { id: 'p1' },
  word: ({ shout }: { shout?: boolean }) => (shout === true ? 'HI' : 'hi'),
});

const note = (args: Record<string, unknown>, { fieldName }: GraphQLResolveInfo): void => {
  asked.push({ field: fieldName, args });
};
const executionResolvers = {
  Query: {
    execution: (_: unknown, args: { id: string }, _context: unknown, info: GraphQLResolveInfo) => {
      note(args, info);
      return executionOf(args.id);
    },
    executions: (_: unknown, args: Record<string, unknown>, _context: unknown, info: GraphQLResolveInfo) => {
      note(args, info);
      const edges = ['e1', 'e2'].map((id) => ({ cursor: `c-${id}`, node: executionOf(id) }));
      return { edges, pageInfo: { hasNextPage: true, hasPreviousPage: false, endCursor: 'c-e2' } };
    },
  },
  Mutation: {
    executeProgram: async (
      _: unknown,
      args: { programId: string; inputs: { ticket: string } },
      _context: unknown,
      info: GraphQLResolveInfo,
    ) => {
      note(args, info);
      if (args.inputs.ticket === 'refused') {
        const extensions = { code: 'invalid_inputs', retryable: false, details: { errors: [{ pointer: '/inputs' }] } };
        throw new GraphQLError('The inputs do not fit.', { extensions });
      }
      if (args.inputs.ticket === 'slow') await new Promise<void>((resolve) => (release = resolve));
      return executionOf(args.inputs.ticket);
    },
  },
};
const registryResolvers = {
  Query: { program: (_: unknown, { id }: { id: string }) => ({ id, name: 'named' }) },
  Program: { __resolveReference: ({ id }: { id: string }) => ({ id, name: 'named' }) },
};

const ask = async (query: string, variables?: object): Promise<Result> =>
  (await gateway.send<Result>('POST', '/graphql', { query, variables })).body;

/** Waits until the graph has a type. */
const hasType = (name: string): Promise<void> =>
  eventually(async () => expect((await ask(`{ __type(name: "${name}") { name } }`)).data?.['__type']).not.toBeNull());

beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
  registry = await ScriptedSubgraph.start('registry', REGISTRY, registryResolvers);
  execution = await ScriptedSubgraph.start('execution', EXECUTION, executionResolvers);
  await gateway.services.publish('ticket-router', ROUTER);
  await gateway.services.subgraph(registry.subgraph);
  await gateway.services.subgraph(execution.subgraph);
  await eventually(async () => expect((await gateway.get('/readyz?scope=gateway')).status).toBe(200));
}, 60_000);
afterAll(async () => {
  await gateway.stop();
  await registry.stop();
  await execution.stop();
});
beforeEach(() => {
  asked = [];
});

describe('a typed mutation', () => {
  it('is there as soon as the gateway is ready, and gives typed outputs', async () => {
    const { data } = await ask(
      'mutation { ticketRouter(inputs: { ticket: "e1" }, timeoutMs: 7) { team sure notes { text } execution { id status } } }',
    );
    expect(data).toEqual({ ticketRouter: { ...OUTPUTS, execution: { id: 'e1', status: 'SUCCEEDED' } } });
    const args = { programId: 'ticket-router', inputs: { ticket: 'e1' }, timeoutMs: 7 };
    expect(asked).toEqual([{ field: 'executeProgram', args }]);
  });

  it('takes variables, fragments, aliases and conditions, and joins what other services know', async () => {
    const query = `
      mutation Run($inputs: TicketRouterInputs!, $shout: Boolean, $no: Boolean = false) {
        first: ticketRouter(inputs: $inputs) { ...Out __typename }
        second: ticketRouter(inputs: { ticket: "e2" }) { execution { key: id } }
      }
      fragment Out on TicketRouterOutputs {
        where: team
        execution { status: id ...Exec program { name } skipped: id @include(if: $no) }
        ... on TicketRouterOutputs @skip(if: $no) { execution { word(shout: $shout) } }
        ... @include(if: $no) { execution { hidden: status } }
      }
      fragment Exec on Execution { inputs: status state: inputs }`;
    const { data, errors } = await ask(query, { inputs: { ticket: 'e1' }, shout: true });
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      first: {
        where: 'support',
        execution: {
          status: 'e1',
          inputs: 'SUCCEEDED',
          state: { ticket: 'e1' },
          program: { name: 'named' },
          word: 'HI',
        },
        __typename: 'TicketRouterOutputs',
      },
      second: { execution: { key: 'e2' } },
    });
    expect(asked.map(({ field }) => field)).toEqual(['executeProgram', 'executeProgram']);
  });

  it('gives the execution at several places, under names that exclude each other', async () => {
    const { data, errors } = await ask(
      'mutation { ticketRouter(inputs: { ticket: "e1" }) { a: execution { x: id } b: execution { x: status } } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({ ticketRouter: { a: { x: 'e1' }, b: { x: 'SUCCEEDED' } } });
    expect(asked.map(({ field }) => field)).toEqual(['executeProgram', 'execution']);
  });

  it('answers a failed execution as one', async () => {
    const { data, errors } = await ask(
      'mutation { ticketRouter(inputs: { ticket: "failed" }) { team execution { status } } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({ ticketRouter: { team: null, execution: { status: 'FAILED' } } });
  });

  it('tells why a service refused it, and answers the other mutations', async () => {
    const { data, errors } = await ask(
      'mutation { a: ticketRouter(inputs: { ticket: "refused" }) { team } b: ticketRouter(inputs: { ticket: "e1" }) { team } }',
    );
    expect(data).toEqual({ a: null, b: { team: 'support' } });
    expect(errors).toEqual([
      expect.objectContaining({
        message: 'The inputs do not fit.',
        path: ['a'],
        extensions: expect.objectContaining({
          code: 'invalid_inputs',
          details: { errors: [{ pointer: '/inputs' }] },
        }) as object,
      }),
    ]);
  });

  it('is refused before anything runs when its inputs have the wrong type', async () => {
    const { errors } = await ask('mutation { ticketRouter(inputs: { tickets: "e1" }) { team } }');
    expect(errors?.map(({ message }) => message).join()).toMatch(/TicketRouterInputs\.ticket" .*was not provided/);
    expect(asked).toEqual([]);
  });
});

describe('a typed query', () => {
  it('gives a page of the executions of its program', async () => {
    const { data, errors } = await ask(
      `query ($first: Int, $filter: ExecutionFilter) {
        ticketRouterExecutions(first: $first, after: "c", filter: $filter) {
          edges { cursor node { id status outputs { team } execution { program { name } word } } }
          page: pageInfo { hasNextPage endCursor } } }`,
      { first: 2, filter: { status: { eq: 'SUCCEEDED' } } },
    );
    expect(errors).toBeUndefined();
    const edge = (id: string): object => ({
      cursor: `c-${id}`,
      node: {
        id,
        status: 'SUCCEEDED',
        outputs: { team: 'support' },
        execution: { program: { name: 'named' }, word: 'hi' },
      },
    });
    expect(data).toEqual({
      ticketRouterExecutions: { edges: [edge('e1'), edge('e2')], page: { hasNextPage: true, endCursor: 'c-e2' } },
    });
    const filter = { status: { eq: 'SUCCEEDED' }, program: { eq: 'ticket-router' } };
    expect(asked).toEqual([{ field: 'executions', args: { first: 2, after: 'c', filter } }]);
  });

  it('gives what is asked for beside or below the node', async () => {
    const { data, errors } = await ask(
      '{ ticketRouterExecutions { edges { id node { outputs { execution { status } } execution { key: id } } } } }',
    );
    expect(errors).toBeUndefined();
    const edge = (id: string): object => ({
      id,
      node: { outputs: { execution: { status: 'SUCCEEDED' } }, execution: { key: id } },
    });
    expect(data).toEqual({ ticketRouterExecutions: { edges: [edge('e1'), edge('e2')] } });
  });
});

describe('the result of an execution', () => {
  const query = `{ execution(id: "e1") { status: id result {
    __typename ... on TicketRouterOutputs { team execution { id } } ... on UntypedOutput { outputs execution { status } } } } }`;

  it('is typed where its program has types', async () => {
    const type = await ask('{ __type(name: "ProgramOutput") { kind possibleTypes { name } } }');
    expect(type.data).toEqual({
      __type: { kind: 'UNION', possibleTypes: [{ name: 'UntypedOutput' }, { name: 'TicketRouterOutputs' }] },
    });
    programId = gateway.services.idOf('ticket-router');
    const { data, errors } = await ask(query);
    programId = 'gone';
    expect(errors).toBeUndefined();
    const result = { __typename: 'TicketRouterOutputs', team: 'support', execution: { id: 'e1' } };
    expect(data).toEqual({ execution: { status: 'e1', result } });
  });

  it('is untyped where it has none, and null where there is nothing', async () => {
    const { data, errors } = await ask(query);
    expect(errors).toBeUndefined();
    const result = { __typename: 'UntypedOutput', outputs: OUTPUTS, execution: { status: 'SUCCEEDED' } };
    expect(data).toEqual({ execution: { status: 'e1', result } });
    expect((await ask(query.replace('"e1"', '"failed"'))).data).toEqual({
      execution: { status: 'failed', result: null },
    });
  });
});

describe('a change of programs', () => {
  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(`${gateway.url}/metrics?scope=gateway`)).text();
    return Number(new RegExp(`^${name}\\{.*\\} (\\d+)`, 'm').exec(text)?.[1]);
  };

  it('comes, changes types and goes while the gateway runs', async () => {
    const swaps = await metric('dspy_graphql_schema_swaps_total');
    await gateway.services.publish('mood', 'text -> mood: enum["up"]');
    await hasType('MoodOutputs_mood');
    await gateway.services.publish('mood', 'text -> mood: string', 2);
    await eventually(async () => {
      const { data } = await ask('{ __type(name: "MoodOutputs") { fields { name type { name } } } }');
      expect(JSON.stringify(data)).toContain('{"name":"mood","type":{"name":"String"}}');
    });
    expect(await metric('dspy_graphql_programs')).toBe(2);
    expect(await metric('dspy_graphql_schema_swaps_total')).toBeGreaterThanOrEqual(swaps + 2);
    await gateway.services.unpublish('mood');
    await eventually(async () => {
      const { errors } = await ask('mutation { mood(inputs: { text: "" }) { mood } }');
      expect(errors?.[0]?.message).toContain('Cannot query field "mood"');
    });
  });

  it('does not touch what has begun, neither does a service that moves', async () => {
    const call = ask('mutation { ticketRouter(inputs: { ticket: "slow" }) { team execution { program { name } } } }');
    await eventually(() => expect(release).toBeDefined());
    await gateway.services.unpublish('ticket-router');
    await eventually(async () =>
      expect((await ask('{ __type(name: "TicketRouterOutputs") { name } }')).data?.['__type']).toBeNull(),
    );
    const moved = await ScriptedSubgraph.start(
      'registry',
      `${REGISTRY} type Extra { a: Int } extend type Query { extra: Extra }`,
      registryResolvers,
    );
    await gateway.services.subgraph(moved.subgraph);
    await hasType('Extra');
    release?.();
    expect(await call).toEqual({
      data: { ticketRouter: { team: 'support', execution: { program: { name: 'named' } } } },
    });
    await gateway.services.subgraph(registry.subgraph);
    await moved.stop();
    await gateway.services.publish('ticket-router', ROUTER);
    await hasType('TicketRouterOutputs');
  });

  it('leaves out a program that clashes, says so, and serves the others', async () => {
    await gateway.services.publish('plan', 'goal -> execution');
    await gateway.services.publish('other', 'a -> b');
    await hasType('OtherOutputs');
    expect((await ask('{ __type(name: "PlanOutputs") { name } }')).data).toEqual({ __type: null });
    expect(await metric('dspy_graphql_programs_left_out')).toBe(1);
    expect(gateway.errors.join('\n')).toContain('Program \\"plan\\" of tenant \\"default\\" has no types in GraphQL');
    await gateway.services.unpublish('plan');
  });

  it('is seen by requests while it happens: none of them fails', async () => {
    const before = await metric('dspy_graphql_schema_swaps_total');
    const failures: unknown[] = [];
    const over = new AbortController();
    const load = Array.from({ length: 2 }, async () => {
      while (!over.signal.aborted) {
        const { data, errors } = await ask(
          'mutation { ticketRouter(inputs: { ticket: "e1" }) { team execution { id } } }',
        );
        if (errors !== undefined || data?.['ticketRouter'] === null) failures.push(errors);
      }
    });
    for (let round = 0; round < 20; round += 1) {
      await gateway.services.publish(`round-${round}`, 'a -> b');
      await hasType(`Round${round}Outputs`);
    }
    over.abort();
    await Promise.all(load);
    expect(failures).toEqual([]);
    expect(await metric('dspy_graphql_schema_swaps_total')).toBeGreaterThanOrEqual(before + 20);
    expect(await metric('dspy_graphql_schema_current')).toBe(1);
  });
});

it('learns at its start what happened while it was away', async () => {
  const again = await gateway.replica();
  try {
    await eventually(async () => expect((await again.get('/readyz?scope=gateway')).status).toBe(200));
    const query = 'mutation { ticketRouter(inputs: { ticket: "e1" }) { team } }';
    const { body } = await again.send<Result>('POST', '/graphql', { query });
    expect(body.data).toEqual({ ticketRouter: { team: 'support' } });
  } finally {
    await again.gateway.close();
  }
});
