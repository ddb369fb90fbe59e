import { ScriptedWorker, eventually } from '@dspy-nest/testing';
import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { type RunningExecution, startExecution, startReplica } from './running-execution';

interface Answer {
  data?: Record<string, unknown> | null;
  errors?: { message: string; path?: string[]; extensions?: { code?: string; details?: object } }[];
}

const ROUTER = 'ticket: string, urgency: enum[1, 2] = 1 -> team: enum["billing", "support"], sure: probability';

jest.setTimeout(30_000);

describe('the subgraph with the types of programs', () => {
  let service: RunningExecution;
  let worker: ScriptedWorker;
  let outputs: Record<string, unknown>;

  beforeAll(async () => {
    service = await startExecution();
    worker = await ScriptedWorker.start(service.servers.natsUrl);
    worker.onJob(({ inputs }) =>
      inputs['ticket'] === 'fail'
        ? { status: 'failed', error: { code: 'model_error', message: 'No.', retryable: false, details: {} } }
        : { outputs },
    );
    service.publish('ticket-router', ROUTER);
    await typed('ticketRouter');
  });
  afterAll(async () => {
    await worker?.stop();
    await service?.stop();
  });
  beforeEach(() => {
    outputs = { team: 'billing', sure: 0.75 };
  });

  const ask = async (query: string, app = service.app): Promise<Answer> => {
    const response = await fetch(`${await app.getUrl()}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    return (await response.json()) as Answer;
  };
  /** Waits until the mutation of a program is there. */
  const typed = (mutation: string, app = service.app): Promise<void> =>
    eventually(async () => {
      const { data } = await ask('{ __type(name: "Mutation") { fields { name } } }', app);
      expect(JSON.stringify(data)).toContain(`"${mutation}"`);
    });
  const sdl = async (app = service.app): Promise<string> =>
    ((await ask('{ service: _service { sdl } }', app)).data as { service: { sdl: string } }).service.sdl;

  it('runs a program by its own mutation', async () => {
    const { data } = await ask(
      `mutation { ticketRouter(inputs: { ticket: "x", urgency: "2" }, timeoutMs: 20000) {
        team sure execution { status inputs result { __typename ... on TicketRouterOutputs { team } } } } }`,
    );
    expect(data).toEqual({
      ticketRouter: {
        team: 'billing',
        sure: 0.75,
        execution: {
          status: 'SUCCEEDED',
          inputs: { ticket: 'x', urgency: 2 },
          result: { __typename: 'TicketRouterOutputs', team: 'billing' },
        },
      },
    });
    expect(worker.jobs.at(-1)).toMatchObject({ program: 'ticket-router', timeoutMs: 20_000 });
  });

  it('answers a failed execution as one, and wrong inputs as an error that points to them', async () => {
    const run = (ticket: string): Promise<Answer> =>
      ask(`mutation { ticketRouter(inputs: { ticket: "${ticket}", urgency: "${ticket === 'fail' ? 1 : 9}" }) {
        team execution { status error { code } result { __typename } } } }`);
    expect(await run('fail')).toEqual({
      data: {
        ticketRouter: { team: null, execution: { status: 'FAILED', error: { code: 'model_error' }, result: null } },
      },
    });
    const { data, errors } = await run('x');
    expect(data).toEqual({ ticketRouter: null });
    expect(errors).toMatchObject([
      {
        path: ['ticketRouter'],
        extensions: { code: 'invalid_inputs', details: { errors: [{ pointer: '/inputs/urgency' }] } },
      },
    ]);
  });

  it('lists the executions of a program alone, with typed outputs', async () => {
    await ask('mutation { executeProgram(programId: "qa", inputs: { question: "?" }) { id } }');
    const { data } = await ask(
      `{ ticketRouterExecutions(first: 2, filter: { status: { eq: SUCCEEDED }, program: { eq: "qa" } }) {
        edges { cursor node { status outputs { team sure } execution { programName } } } pageInfo { hasNextPage } } }`,
    );
    expect(data).toMatchObject({
      ticketRouterExecutions: {
        edges: [
          {
            cursor: expect.any(String) as string,
            node: {
              status: 'SUCCEEDED',
              outputs: { team: 'billing', sure: 0.75 },
              execution: { programName: 'ticket-router' },
            },
          },
        ],
        pageInfo: { hasNextPage: false },
      },
    });
  });

  it('has untyped results of programs that are gone', async () => {
    const { data } = await ask(
      '{ executions(first: 1, filter: { program: { eq: "qa" } }) { edges { node { id result { __typename } } } } }',
    );
    expect(data).toMatchObject({ executions: { edges: [{ node: { result: { __typename: 'QaOutputs' } } }] } });
    await service.dataSource.query(
      `UPDATE execution.executions SET program_id = gen_random_uuid() WHERE program = 'qa'`,
    );
    const gone = await ask(
      `{ executions(first: 1, filter: { program: { eq: "qa" } }) {
        edges { node { result { ... on UntypedOutput { outputs execution { programName } } } } } } }`,
    );
    const result = { outputs: { team: 'billing', sure: 0.75 }, execution: { programName: 'qa' } };
    expect(gone).toEqual({ data: { executions: { edges: [{ node: { result } }] } } });
  });

  it('takes up a new version, under which what older ones gave is null where it does not fit', async () => {
    service.publish('ticket-router', ROUTER.replace('"billing", "support"', '"sales"').replace('sure', 'doubt'), 2);
    await eventually(async () => {
      const { data, errors } = await ask(
        '{ ticketRouterExecutions(first: 1, filter: { status: { eq: SUCCEEDED } }) { edges { node { outputs { team doubt } } } } }',
      );
      expect(errors).toBeUndefined();
      expect(data).toEqual({ ticketRouterExecutions: { edges: [{ node: { outputs: { team: null, doubt: null } } }] } });
    });
  });

  it('answers what began before a change', async () => {
    const hung = Promise.withResolvers<void>();
    service.publish('slow', 'a -> b');
    await typed('slow');
    worker.onJob(() => hung.promise.then(() => ({ outputs: { b: 'late' } })));
    const call = ask('mutation { slow(inputs: { a: "" }) { b execution { status } } }');
    await eventually(() => expect(worker.jobs.at(-1)?.program).toBe('slow'));
    service.publish('slow', 'a -> c', 2);
    await eventually(async () => expect(await sdl()).not.toMatch(/type SlowOutputs {[^}]* b: /));
    hung.resolve();
    expect(await call).toEqual({ data: { slow: { b: 'late', execution: { status: 'SUCCEEDED' } } } });
  });

  it('says the same of itself in every replica, and composes', async () => {
    const other = await startReplica(service);
    try {
      await typed('ticketRouter', other);
      const text = await sdl();
      expect(await sdl(other)).toBe(text);
      expect(text).toContain('type TicketRouterOutputs');
      const services = [{ name: 'execution', url: 'http://127.0.0.1:1/graphql', typeDefs: parse(text) }];
      const { errors, supergraphSdl } = composeServices(services);
      expect(errors).toBeUndefined();
      expect(supergraphSdl).toMatch(/union ProgramOutput[\s\S]*= .*TicketRouterOutputs/);
    } finally {
      await other.close();
    }
  });
});
