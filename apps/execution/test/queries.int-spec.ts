import { randomUUID } from 'node:crypto';
import {
  type CorrectionsV1,
  FEEDBACK_MAX,
  type FeedbackCreatedV1,
  type FeedbackV1,
  type Page as PageV1,
  REQUESTS,
} from '@dspy-nest/contracts';
import { documentedQueries, eventually } from '@dspy-nest/testing';
import { uuidv7 } from '@dspy-nest/platform';
import { Client } from 'pg';
import { Like } from 'typeorm';
import { ExecutionEntity } from '../src/executions/execution.entity';
import { ModelCallsEntity } from '../src/model-calls/model-calls.entity';
import { acceptedRow } from './accepted-row';
import { type RunningExecution, errorOf, startExecution } from './running-execution';

interface Answer {
  data?: Record<string, unknown> | null;
  errors?: { message: string; extensions?: { code?: string } }[];
}

interface Executions {
  executions: { edges: { node: { totalMs?: number; traceId: string } }[]; pageInfo: { endCursor: string | null } };
}

const START = Date.parse('2026-01-01T00:00:00Z');
const ROWS = 12;
const traceId = (n: number): string => String(n).padStart(32, 'a');

/** Row 0 is queued; of the others each third failed, each fourth is of the second version. */
function row(n: number): ExecutionEntity {
  const createdAt = new Date(START + n * 60_000);
  const traceparent = `00-${traceId(n)}-${'c'.repeat(16)}-01`;
  const version = n % 4 === 0 ? 2 : 1;
  if (n === 0) return acceptedRow({ createdAt, traceparent, version });
  const error = { code: n % 2 === 0 ? 'model_error' : 'timed_out', message: 'No.', retryable: false, details: {} };
  return acceptedRow({
    createdAt,
    traceparent,
    version,
    status: n % 3 === 0 ? 'failed' : 'succeeded',
    error: n % 3 === 0 ? error : null,
    worker: `w${n % 2}`,
    model: n < 6 ? 'small' : 'large',
    totalMs: n * 10,
    lmMs: n * 9,
    promptTokens: 100,
    completionTokens: n,
    costUsd: n % 2 === 0 ? 0.5 : null,
    finishedAt: new Date(createdAt.getTime() + n * 10),
  });
}

jest.setTimeout(30_000);

describe('asking for what was executed', () => {
  let service: RunningExecution;
  let url: string;

  beforeAll(async () => {
    service = await startExecution();
    url = `${await service.app.getUrl()}/graphql`;
    const rows = Array.from({ length: ROWS }, (_, n) => row(n));
    await service.dataSource.getRepository(ExecutionEntity).insert(rows as object[]);
    const calls = rows.map(({ tenant, id, createdAt }) => ({ tenant, executionId: id, calls: [], createdAt }));
    await service.dataSource.getRepository(ModelCallsEntity).insert(calls);
    await service.dataSource.getRepository(ExecutionEntity).insert(acceptedRow({ tenant: 'other' }) as object);
  });
  afterAll(() => service?.stop());

  const ask = async (query: string, variables: object = {}): Promise<Answer> => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
    return (await response.json()) as Answer;
  };
  const found = async (args: string): Promise<number[]> => {
    const { data, errors } = await ask(`{ executions(${args}) { edges { node { traceId } } } }`);
    expect(errors).toBeUndefined();
    const { executions } = data as unknown as Executions;
    return executions.edges.map(({ node }) => Number(node.traceId.replaceAll('a', '')));
  };

  it.each([
    ['errorCode: { eq: "model_error" }', [6]],
    ['status: { notIn: [SUCCEEDED, QUEUED] }', [9, 6, 3]],
    ['totalMs: { gte: 90, lt: 110 }', [10, 9]],
    ['overheadMs: { eq: 4 }', [4]],
    ['costUsd: { isNull: true }, finishedAt: { isNull: false }', [11, 9, 7, 5, 3, 1]],
    ['not: { worker: { eq: "w1" } }', [10, 8, 6, 4, 2, 0]],
    ['worker: { ne: "w1" }', [10, 8, 6, 4, 2, 0]],
    [`traceId: { eq: "${traceId(7)}" }`, [7]],
    ['or: [{ version: { eq: 2 } }, { model: { eq: "large" }, completionTokens: { gt: 10 } }]', [11, 8, 4, 0]],
    ['createdAt: { lte: "2026-01-01T00:01:00.000Z" }', [1, 0]],
  ])('filters by %s', async (filter, expected) => {
    expect(await found(`filter: { ${filter} }`)).toEqual(expected);
  });

  it('sorts by several fields, from page to page, what has no value lowest', async () => {
    const query = `query ($after: String) { executions(first: 5, after: $after, sort: "version,-costUsd,totalMs") {
      edges { node { traceId } } pageInfo { endCursor } } }`;
    const order: number[] = [];
    let after: string | null = null;
    for (let page = 0; page < 3; page += 1) {
      const { data } = await ask(query, { after });
      const { executions } = data as unknown as Executions;
      order.push(...executions.edges.map(({ node }) => Number(node.traceId.replaceAll('a', ''))));
      after = executions.pageInfo.endCursor;
    }
    expect(order).toEqual([2, 6, 10, 1, 3, 5, 7, 9, 11, 4, 8, 0]);
  });

  it('reads what belongs to any number of executions by one statement', async () => {
    const statements = jest.spyOn(Client.prototype, 'query');
    const counts: number[][] = [];
    for (const first of [1, ROWS]) {
      statements.mockClear();
      await ask(`{ executions(first: ${first}) { edges { node { id program { id } calls { index } } } } }`);
      const texts = statements.mock.calls.map(([text]: unknown[]) => (typeof text === 'string' ? text : ''));
      const of = (table: string): number => texts.filter((text) => /SELECT/.test(text) && text.includes(table)).length;
      counts.push([of('executions'), of('model_calls')]);
    }
    statements.mockRestore();
    expect(counts).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  it('resolves any number of references by one statement, and null for what is not there', async () => {
    const rows = await service.dataSource
      .getRepository(ExecutionEntity)
      .find({ take: 5, where: { tenant: 'default' } });
    const representations = [...rows.map(({ id }) => id), 'no uuid'].map((id) => ({ __typename: 'Execution', id }));
    const statements = jest.spyOn(Client.prototype, 'query');
    const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Execution { id } } }';
    const { data } = await ask(query, { r: representations });
    const reads = statements.mock.calls.filter(
      ([text]: unknown[]) => typeof text === 'string' && text.includes('FROM "execution"."executions"'),
    );
    statements.mockRestore();
    expect(data).toEqual({ _entities: [...rows.map(({ id }) => ({ id })), null] });
    expect(reads).toHaveLength(1);
  });

  describe('of many programs at once', () => {
    const PROGRAMS = Array.from({ length: 50 }, (_, n) => ({ id: uuidv7(), name: `program-${n}` }));
    const representations = PROGRAMS.map((program) => ({ __typename: 'Program', ...program }));

    beforeAll(async () => {
      const rows = PROGRAMS.flatMap(({ id, name }, program) =>
        // Program 0 has none, all others more than a page.
        Array.from({ length: program === 0 ? 0 : 7 }, (_, n) =>
          acceptedRow({
            programId: id,
            program: name,
            createdAt: new Date(START + n * 1_000),
            traceparent: `00-${traceId(n)}-${'c'.repeat(16)}-01`,
            inputs: { question: n === 6 ? 'x'.repeat(40_000) : 'Who?' },
          }),
        ),
      );
      await service.dataSource.getRepository(ExecutionEntity).insert(rows as object[]);
      await service.dataSource
        .getRepository(ExecutionEntity)
        .insert(acceptedRow({ tenant: 'other', programId: PROGRAMS[1]!.id, program: PROGRAMS[1]!.name }) as object);
    });
    afterAll(async () => {
      await service.dataSource.getRepository(ExecutionEntity).delete({ program: Like('program-%') });
    });

    interface Page {
      executions: { edges: { cursor: string; node: { traceId: string } }[]; pageInfo: object };
    }
    const pagesOf = async (args: string, variables: object = {}): Promise<Page[]> => {
      const query = `query ($r: [_Any!]!${args.includes('$after') ? ', $after: String' : ''}) { _entities(representations: $r) { ... on Program { executions(${args}) {
        edges { cursor node { traceId inputs omitted program { id } } } pageInfo { hasNextPage hasPreviousPage } } } } }`;
      const { data, errors } = await ask(query, { r: representations, ...variables });
      expect(errors).toBeUndefined();
      return data!['_entities'] as Page[];
    };
    const pageReads = (statements: jest.SpyInstance): [string, unknown[]][] => {
      const reads = statements.mock.calls.filter(([text]: unknown[]) => String(text).includes('page_parent'));
      statements.mockRestore();
      return reads as [string, unknown[]][];
    };
    const numbersOf = ({ executions }: Page): number[] =>
      executions.edges.map(({ node }) => Number(node.traceId.replaceAll('a', '')));

    it('reads a page of each by one statement, without what is large', async () => {
      const statements = jest.spyOn(Client.prototype, 'query');
      const pages = await pagesOf('first: 5');
      expect(pageReads(statements)).toHaveLength(1);
      expect(pages.map(numbersOf)).toEqual([[], ...Array.from({ length: 49 }, () => [6, 5, 4, 3, 2])]);
      expect(pages[1]?.executions.pageInfo).toEqual({ hasNextPage: true, hasPreviousPage: false });
      const [large, small] = pages[7]!.executions.edges;
      expect(large?.node).toMatchObject({ inputs: {}, omitted: ['inputs'], program: { id: PROGRAMS[7]!.id } });
      expect(small?.node).toMatchObject({ inputs: { question: 'Who?' }, omitted: [] });
    });

    it('filters, sorts and goes on at the cursor of a page', async () => {
      const args =
        'first: 2, after: $after, sort: "program,createdAt", filter: { createdAt: { gte: "2026-01-01T00:00:02Z" } }';
      const [, first] = await pagesOf(args);
      expect(numbersOf(first!)).toEqual([2, 3]);
      const [, next] = await pagesOf(args, { after: first!.executions.edges[1]!.cursor });
      expect(numbersOf(next!)).toEqual([4, 5]);
      expect(next?.executions.pageInfo).toEqual({ hasNextPage: true, hasPreviousPage: true });
      const [, last] = await pagesOf('last: 2');
      expect(numbersOf(last!)).toEqual([1, 0]);
    });

    it('reads two pages that differ by two statements', async () => {
      const statements = jest.spyOn(Client.prototype, 'query');
      const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Program {
        newest: executions(first: 1) { edges { cursor } } failed: executions(first: 1, filter: { status: { eq: FAILED } }) { edges { cursor } } } } }`;
      await ask(query, { r: representations });
      expect(pageReads(statements)).toHaveLength(2);
    });

    it('follows the index of a program, however many executions there are', async () => {
      const statements = jest.spyOn(Client.prototype, 'query');
      await pagesOf('first: 5');
      const [[text, values]] = pageReads(statements) as [[string, unknown[]]];
      await service.dataSource.query('ANALYZE execution.executions');
      await service.dataSource.transaction(async (manager) => {
        // The table is too small for an index to be worth it.
        await manager.query('SET LOCAL enable_seqscan = off');
        await manager.query('SET LOCAL enable_bitmapscan = off');
        const plan = await manager.query<{ 'QUERY PLAN': string }[]>(`EXPLAIN ${text}`, values);
        const lines = plan.map((line) => line['QUERY PLAN']).join('\n');
        expect(lines).toMatch(/executions_by_program/);
      });
    });
  });

  describe('and what was said of it', () => {
    let ids: string[];
    const request = <T>(subject: string, message: object, ctx: object = {}): Promise<T> =>
      service.client.request<T>({ ...service.ctx, ...ctx }, subject, message);
    const say = (of: number, members: object, ctx: object = {}): Promise<FeedbackV1> =>
      request(REQUESTS.feedbackCreate, { executionId: ids[of], ...members }, ctx);
    const saidOf = (of: number, page: object = {}): Promise<PageV1<FeedbackV1>> =>
      request(REQUESTS.feedbackList, { executionId: ids[of], ...page });

    beforeEach(async () => {
      const definition = 'ticket -> team: enum["billing", "shipping"], urgency: int(min=1, max=3)';
      const { programId } = service.publish('route', definition);
      const rows = Array.from({ length: 3 }, (_, n) => ({ ...row(n + 100), programId, program: 'route', version: 1 }));
      ids = rows.map(({ id }) => id);
      await service.dataSource.getRepository(ExecutionEntity).insert(rows as object[]);
    });
    afterEach(() => service.dataSource.getRepository(ExecutionEntity).delete({ program: 'route' }));

    it('is kept with its types, and told without its contents', async () => {
      const told: FeedbackCreatedV1[] = [];
      const subscription = service.nats.subscribe('dspy.evt.default.execution.feedback.created.v1', {
        callback: (_error, message) => void told.push(message.json<{ data: FeedbackCreatedV1 }>().data),
      });
      await service.nats.flush();
      const given = await say(0, { score: true, comment: 'Late.', correction: { urgency: '3' }, author: 'Ada' });
      const scored = { executionId: ids[0], name: 'rating', score: 1, source: 'human', author: 'Ada' };
      expect(given).toMatchObject({ ...scored, comment: 'Late.', correction: { urgency: 3 } });
      expect((await saidOf(0)).items).toEqual([given]);
      const about = { program: 'route', version: 1, isCorrected: true };
      await eventually(() => expect(told).toMatchObject([{ id: given.id, ...scored, ...about }]));
      expect(JSON.stringify(told)).not.toMatch(/Late|urgency/);
      subscription.unsubscribe();
    });

    it('is refused with each output that is wrong, and of what is not there', async () => {
      const wrong = await errorOf(say(0, { correction: { team: 'sales', tea: 1 } }));
      expect(wrong).toMatchObject({ code: 'validation_failed' });
      expect(wrong.details.errors?.map(({ pointer }) => pointer)).toEqual(['/correction/team', '/correction/tea']);
      expect(await errorOf(say(0, {}))).toMatchObject({ code: 'validation_failed' });
      const notFound = { code: 'execution_not_found' };
      expect(await errorOf(say(0, { executionId: randomUUID(), score: 1 }))).toMatchObject(notFound);
      expect(await errorOf(say(0, { score: 1 }, { tenant: 'other' }))).toMatchObject(notFound);
      expect(await errorOf(saidOf(0, { executionId: randomUUID() }))).toMatchObject(notFound);
      expect((await saidOf(0)).items).toEqual([]);
    });

    it('is one for each key', async () => {
      const keyed = { idempotencyKey: randomUUID() };
      const all = await Promise.all([1, 2, 3].map(() => say(0, { score: 0.5 }, keyed)));
      expect(new Set(all.map(({ id }) => id)).size).toBe(1);
      expect(await errorOf(say(0, { score: 0.6 }, keyed))).toMatchObject({ code: 'idempotency_key_reused' });
      expect((await saidOf(0)).items).toHaveLength(1);
    });

    it('is at most as much as it may be, however much comes at once', async () => {
      await service.dataSource.query(
        `INSERT INTO execution.feedback (tenant, id, execution_id, comment, source, created_at)
         SELECT 'default', gen_random_uuid(), $1, 'Hm.', 'code', now() FROM generate_series(2, $2)`,
        [ids[0], FEEDBACK_MAX],
      );
      const both = await Promise.all([1, 2].map(() => say(0, { score: 1 }).catch((error: unknown) => error)));
      expect(both.filter((one) => one instanceof Error)).toMatchObject([{ code: 'validation_failed' }]);
    });

    it('is listed by filter, newest first, page by page', async () => {
      for (const score of [0.1, 0.9, 0.5]) await say(0, { score, name: 'tone' });
      await say(0, { comment: 'No score.' });
      const [first, second] = [await saidOf(0, { limit: 2 }), await saidOf(0, { sort: '-score', limit: 1 })];
      expect(first.items.map(({ score }) => score)).toEqual([null, 0.5]);
      expect(second.items.map(({ score }) => score)).toEqual([0.9]);
      const last = await saidOf(0, { limit: 2, cursor: first.nextCursor });
      expect([last.items.map(({ score }) => score), last.nextCursor]).toEqual([[0.9, 0.1], null]);
      const { items } = await saidOf(0, { filter: { score: { gte: 0.5 }, corrected: { eq: false } } });
      expect(items).toHaveLength(2);
    });

    it('chooses executions by their newest score, and by whether they are corrected', async () => {
      await say(0, { score: 0.2 });
      await say(0, { score: 0.9 });
      await say(1, { score: 0.4, correction: { team: 'billing' } });
      const chosen = async (filter: object): Promise<number[]> => {
        const page = { filter: { program: { eq: 'route' }, ...filter }, sort: 'createdAt' };
        const { items } = await request<PageV1<{ id: string }>>(REQUESTS.executionList, page);
        return items.map(({ id }) => ids.indexOf(id));
      };
      expect(await chosen({ score: { gte: 0.5 } })).toEqual([0]);
      expect(await chosen({ score: { lt: 0.5 } })).toEqual([1]);
      expect(await chosen({ score: { isNull: true } })).toEqual([2]);
      expect(await chosen({ corrected: { eq: true } })).toEqual([1]);
      expect(await chosen({ corrected: { eq: false } })).toEqual([0, 2]);
    });

    it('gives the newest correction of each that has one', async () => {
      await say(0, { correction: { team: 'billing', urgency: 1 } });
      await say(0, { correction: { team: 'shipping' } });
      await say(0, { score: 1 });
      await say(1, { comment: 'Fine.' });
      const asked = { executionIds: [...ids, randomUUID(), 'no-uuid-of-thirty-six-characters-000'] };
      expect(await request<CorrectionsV1>(REQUESTS.feedbackCorrections, asked)).toEqual({
        items: [{ executionId: ids[0], correction: { team: 'shipping' } }],
      });
    });

    it('is given and read in GraphQL, that of any number of executions by one statement', async () => {
      const mutation = `mutation ($id: ID!, $c: JSON) { createFeedback(executionId: $id, score: 1, correction: $c, source: MODEL) {
        score name source correction } }`;
      const made = await ask(mutation, { id: ids[0], c: { team: 'billing' } });
      const node = { score: 1, name: 'rating', source: 'MODEL', correction: { team: 'billing' } };
      expect(made).toEqual({ data: { createFeedback: node } });
      expect((await ask(mutation, { id: ids[0], c: { team: 1 } })).errors?.[0]?.extensions?.code).toBe(
        'validation_failed',
      );
      await say(1, { comment: 'Fine.' });
      const statements = jest.spyOn(Client.prototype, 'query');
      const { data } =
        await ask(`{ executions(sort: "createdAt", filter: { program: { eq: "route" }, corrected: { ne: true } }) {
        edges { node { id feedback(first: 1) { edges { node { comment } } pageInfo { hasNextPage } } } } } }`);
      const reads = statements.mock.calls.filter(([text]: unknown[]) => String(text).includes('page_parent'));
      statements.mockRestore();
      const none = { edges: [], pageInfo: { hasNextPage: false } };
      const edges = [
        { node: { id: ids[1], feedback: { ...none, edges: [{ node: { comment: 'Fine.' } }] } } },
        { node: { id: ids[2], feedback: none } },
      ];
      expect([data, reads.length]).toEqual([{ executions: { edges } }, 1]);
    });
  });

  it.each(documentedQueries('queries.md', ['executions']))('answers what the guide asks: %s', async (query) => {
    const { data, errors } = await ask(query);
    expect(errors).toBeUndefined();
    expect((data as unknown as Executions).executions.edges.length).toBeGreaterThan(0);
  });

  it.each(['{ executions(sort: "inputs") { edges { cursor } } }', '{ executions(first: 500) { edges { cursor } } }'])(
    'refuses %s',
    async (query) => {
      const { errors } = await ask(query);
      expect(errors?.[0]?.extensions?.code).toBe('validation_failed');
    },
  );
});
