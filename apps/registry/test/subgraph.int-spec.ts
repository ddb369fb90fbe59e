import { REQUESTS, subgraphOf, type ModelV1, type ProgramV1, type SubgraphV1 } from '@dspy-nest/contracts';
import { documentedQueries } from '@dspy-nest/testing';
import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { Client } from 'pg';
import { RegistryUnderTest } from './registry-under-test';

interface Connection<T> {
  edges: { node: T; cursor: string }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null };
}

describe('the subgraph', () => {
  let registry: RegistryUnderTest;

  beforeAll(async () => {
    registry = await RegistryUnderTest.start();
    for (const name of ['P1', 'P2', 'P3']) {
      await registry.ask(REQUESTS.signatureCreate, {
        name: `Sig${name}`,
        definition: `question -> ${name.toLowerCase()}`,
      });
      await registry.ask(REQUESTS.programCreate, { name: `prog-${name.toLowerCase()}`, signature: `Sig${name}` });
    }
  });
  afterAll(() => registry.stop());

  it('composes', async () => {
    const { name, url, sdl } = await registry.ask<SubgraphV1>(subgraphOf('registry'), {});
    expect(name).toBe('registry');
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/graphql$/);
    const { errors, supergraphSdl } = composeServices([{ name, url, typeDefs: parse(sdl) }]);
    expect(errors).toBeUndefined();
    for (const type of ['type Signature', 'type Program', 'type Model', 'createProgram'])
      expect(supergraphSdl).toContain(type);
  });

  it('pages programs, each with the signature it was made with', async () => {
    await registry.ask(REQUESTS.signatureUpdate, { name: 'SigP1', definition: 'question -> changed' });
    const query = `query ($after: String) {
      programs(first: 2, after: $after, sort: "name", filter: { name: { in: ["prog-p1", "prog-p2", "prog-p3"] } }) {
        edges { cursor node { name signature { name version outputs } } }
        pageInfo { hasNextPage hasPreviousPage endCursor }
      }
    }`;
    type Answer = {
      programs: Connection<{ name: string; signature: { name: string; version: number; outputs: object[] } }>;
    };
    const first = await registry.graphql<Answer>(query);
    expect(first.data.programs.edges.map(({ node }) => node)).toMatchObject([
      { name: 'prog-p1', signature: { name: 'SigP1', version: 1, outputs: [{ name: 'p1' }] } },
      { name: 'prog-p2', signature: { name: 'SigP2', version: 1 } },
    ]);
    expect(first.data.programs.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const second = await registry.graphql<Answer>(query, { after: first.data.programs.pageInfo.endCursor });
    expect(second.data.programs.edges.map(({ node }) => node.name)).toEqual(['prog-p3']);
    expect(second.data.programs.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  });

  it('pages backwards', async () => {
    const query = `{ signatures(last: 2, sort: "name", filter: { name: { contains: "SigP" } }) {
      edges { node { name } } pageInfo { hasPreviousPage } } }`;
    const { data } = await registry.graphql<{ signatures: Connection<{ name: string }> }>(query);
    expect(data.signatures.edges.map(({ node }) => node.name)).toEqual(['SigP2', 'SigP3']);
    expect(data.signatures.pageInfo.hasPreviousPage).toBe(true);
  });

  it('filters and sorts by what programs, signatures and models have, combined as wanted', async () => {
    const query = `{
      programs(sort: "module,-name", filter: { signature: { startsWith: "sigp" }, module: { eq: "Predict" },
        or: [{ name: { endsWith: "p1" } }, { not: { name: { in: ["prog-p1", "prog-p2"] } } }], model: { isNull: true } }) {
        edges { node { name } } }
      models(filter: { hasApiKey: { eq: false }, inputPerMillionUsd: { isNull: true }, version: { gte: 1 } }) { edges { node { name } } }
      signatures(filter: { definition: { contains: "p2" }, description: { isNull: true } }) { edges { node { name } } }
    }`;
    const { data, errors } = await registry.graphql(query);
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      programs: { edges: [{ node: { name: 'prog-p3' } }, { node: { name: 'prog-p1' } }] },
      models: { edges: expect.any(Array) as object },
      signatures: { edges: [{ node: { name: 'SigP2' } }] },
    });
  });

  it('reads the signatures of any number of programs by one statement', async () => {
    const statements = jest.spyOn(Client.prototype, 'query');
    const counts: number[] = [];
    for (const first of [1, 3]) {
      statements.mockClear();
      await registry.graphql(`{ programs(first: ${first}) { edges { node { signature { name } } } } }`);
      const selects = statements.mock.calls.filter(
        ([text]: unknown[]) => typeof text === 'string' && text.includes('FROM "registry"'),
      );
      counts.push(selects.length);
    }
    statements.mockRestore();
    expect(counts).toEqual([2, 2]);
  });

  it('pages the versions of programs and signatures, each by one statement', async () => {
    for (const n of [1, 2, 3]) {
      await registry.ask(REQUESTS.signatureUpdate, { name: 'SigP3', definition: `question -> p3, n${n}` });
      await registry.ask(REQUESTS.programUpdate, { name: 'prog-p3', description: `v${n + 1}` });
    }
    const query = `query ($first: Int!, $after: String) {
      programs(sort: "name", filter: { name: { in: ["prog-p2", "prog-p3"] } }) { edges { node { name versions(first: $first, after: $after) {
        edges { cursor node { name version description } } pageInfo { hasNextPage hasPreviousPage } } } } }
      signatures(sort: "name", filter: { name: { in: ["SigP2", "SigP3"] } }) { edges { node { versions(
        sort: "version", filter: { version: { lte: 3 }, or: [{ definition: { contains: "n" } }, { name: { eq: "SigP2" } }] }) {
        edges { node { name version definition } } } } } }
    }`;
    type Versions = { versions: Connection<{ name: string; version: number }> };
    type Answer = { programs: Connection<{ name: string } & Versions>; signatures: Connection<Versions> };
    const statements = jest.spyOn(Client.prototype, 'query');
    const { data, errors } = await registry.graphql<Answer>(query, { first: 2 });
    const reads = (table: string): number =>
      statements.mock.calls.filter(
        ([text]: unknown[]) => String(text).startsWith('SELECT') && String(text).includes(`FROM "registry"."${table}"`),
      ).length;
    expect([reads('programs'), reads('program_versions'), reads('signatures'), reads('signature_versions')]).toEqual([
      1, 1, 1, 1,
    ]);
    statements.mockRestore();
    expect(errors).toBeUndefined();
    const [p2, p3] = data.programs.edges.map(({ node }) => node.versions);
    expect(p2?.edges.map(({ node }) => node)).toEqual([{ name: 'prog-p2', version: 1, description: null }]);
    expect(p3?.edges.map(({ node }) => node)).toEqual([
      { name: 'prog-p3', version: 4, description: 'v4' },
      { name: 'prog-p3', version: 3, description: 'v3' },
    ]);
    expect(p3?.pageInfo).toEqual({ hasNextPage: true, hasPreviousPage: false });
    expect(
      data.signatures.edges.map(({ node }) => node.versions.edges.map(({ node: { version } }) => version)),
    ).toEqual([[1], [1, 2, 3]]);
    const next = await registry.graphql<Answer>(query, { first: 2, after: p3?.edges.at(-1)?.cursor });
    const [, rest] = next.data.programs.edges.map(({ node }) => node.versions);
    expect(rest?.edges.map(({ node }) => node.version)).toEqual([2, 1]);
    expect(rest?.pageInfo).toEqual({ hasNextPage: false, hasPreviousPage: true });
  });

  it.each(documentedQueries('queries.md', ['programs', 'signatures', 'models']))(
    'answers what the guide asks: %s',
    async (query) => {
      const { data, errors } = await registry.graphql<{ programs: Connection<object> }>(query);
      expect(errors).toBeUndefined();
      expect(data.programs.edges.length).toBeGreaterThan(0);
    },
  );

  it('finds a program by id and by name, and a signature in a version', async () => {
    const program = await registry.ask<ProgramV1>(REQUESTS.programGet, { name: 'prog-p2' });
    const query = `query ($id: ID!) { byId: program(id: $id) { name hash } byName: program(id: "prog-p2") { id }
      signature(name: "SigP2", version: 1) { definition } }`;
    const { data } = await registry.graphql(query, { id: program.id });
    expect(data).toMatchObject({ byId: { name: 'prog-p2', hash: program.hash }, byName: { id: program.id } });
    expect(data).toMatchObject({ signature: { definition: expect.stringContaining('->') as string } });
  });

  it('compares versions of a signature, to the one that is looked at unless told otherwise', async () => {
    await registry.ask(REQUESTS.signatureCreate, { name: 'Diffed', definition: 'a: int = 1 -> b' });
    for (const definition of ['a: int = 2 -> b', 'a: int -> b'])
      await registry.ask(REQUESTS.signatureUpdate, { name: 'Diffed', definition });
    const query = `{ v2: signature(name: "Diffed", version: 2) { diff(from: 1) { verdict changes { pointer code verdict message hint from to } } }
      newest: signature(name: "Diffed") { diff(from: 1) { verdict } same: diff(from: 1, to: 1) { verdict changes { code } } } }`;
    const { data, errors } = await registry.graphql(query);
    expect(errors).toBeUndefined();
    const change = {
      pointer: '/inputs/a',
      code: 'default_changed',
      verdict: 'compatible',
      message: expect.stringContaining('answers may differ') as string,
      hint: null,
      from: 1,
      to: 2,
    };
    expect(data).toEqual({
      v2: { diff: { verdict: 'compatible', changes: [change] } },
      newest: { diff: { verdict: 'breaking' }, same: { verdict: 'identical', changes: [] } },
    });
  });

  it('resolves entities for other subgraphs, and null for what is gone', async () => {
    const { id } = await registry.ask<ProgramV1>(REQUESTS.programGet, { name: 'prog-p3' });
    const representations = [
      { __typename: 'Program', id },
      { __typename: 'Program', id: '0190f5fe-7c00-7a00-8abc-0123456789ab' },
      { __typename: 'Model', id: 'no uuid' },
    ];
    const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Program { name } } }';
    const { data, errors } = await registry.graphql(query, { r: representations });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ _entities: [{ name: 'prog-p3' }, null, null] });
  });

  it('creates, updates and deletes', async () => {
    const created = await registry.graphql(`mutation {
      createSignature(input: { name: "Made", definition: "a -> b" }) { version }
      createModel(input: { name: "made", model: "x", baseUrl: "https://models.example", apiKey: "sk-1" }) { hasApiKey }
      createProgram(input: { name: "made", signature: "Made", model: "made", config: { maxTokens: 5 } }) { version config }
    }`);
    expect(created).toEqual({
      data: {
        createSignature: { version: 1 },
        createModel: { hasApiKey: true },
        createProgram: { version: 1, config: { maxTokens: 5 } },
      },
    });
    const updated = await registry.graphql(`mutation {
      updateSignature(input: { name: "Made", definition: "a -> c" }) { version }
      updateModel(input: { name: "made", apiKey: null }) { version hasApiKey }
      updateProgram(input: { name: "made", signature: "Made", signatureVersion: 2, model: null }) { version signatureVersion model }
    }`);
    expect(updated.data).toEqual({
      updateSignature: { version: 2 },
      updateModel: { version: 2, hasApiKey: false },
      updateProgram: { version: 2, signatureVersion: 2, model: null },
    });
    const deleted = await registry.graphql(`mutation {
      deleteProgram(name: "made") { name } deleteSignature(name: "Made") { name } deleteModel(name: "made") { name }
    }`);
    expect(deleted.data).toEqual({
      deleteProgram: { name: 'made' },
      deleteSignature: { name: 'Made' },
      deleteModel: { name: 'made' },
    });
  });

  it('takes every setting of a program', async () => {
    const limits = { connectMs: 1, firstTokenMs: 2, idleMs: 3, attemptMs: 4 };
    const ofModel = { temperature: 1, maxTokens: 5, topP: 1, attempts: 5, reward: { field: 'score' }, threshold: 0.5 };
    const validation = { inputs: 'coerce', outputs: 'strict' };
    const ofCalls = { timeoutMs: 5_000, limits, maxRetries: 0, maxConcurrency: 4 };
    const config = { ...ofModel, ...ofCalls, record: 'none', validation };
    const query = `mutation ($config: ProgramConfigInput) {
      createProgram(input: { name: "all-settings", signature: "a -> score: int", module: "BestOfN", config: $config }) { config }
    }`;
    expect(await registry.graphql(query, { config })).toEqual({ data: { createProgram: { config } } });
  });

  it.each([
    ['{ program(id: "absent") { id } }', 'program_not_found'],
    ['{ model(name: "absent") { id } }', 'model_not_found'],
    ['{ signature(name: "lower") { id } }', 'validation_failed'],
    ['{ signature(name: "SigP2") { diff(from: 9) { verdict } } }', 'signature_not_found'],
    ['{ signature(name: "SigP2") { diff(from: 0) { verdict } } }', 'validation_failed'],
    ['{ validateSignature(definition: "") { valid } }', 'validation_failed'],
    ['mutation { createSignature(input: { name: "SigP1", definition: "a -> b" }) { id } }', 'name_conflict'],
    ['mutation { createSignature(input: { name: "Bad", definition: "a: strin -> b" }) { id } }', 'invalid_signature'],
    [
      'mutation { createProgram(input: { name: "bad", signature: "SigP1", module: "Flex" }) { id } }',
      'validation_failed',
    ],
    ['mutation { deleteSignature(name: "SigP1") { id } }', 'in_use'],
    ['{ programs(first: 1000) { edges { cursor } } }', 'validation_failed'],
    ['{ programs(first: 1, last: 1) { edges { cursor } } }', 'validation_failed'],
    ['{ models(after: "nonsense") { edges { cursor } } }', 'validation_failed'],
    ['{ models(sort: "baseUrl") { edges { cursor } } }', 'validation_failed'],
  ])('answers %s with the code %s', async (query, code) => {
    const { errors } = await registry.graphql(query);
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.extensions.code).toBe(code);
  });

  it('has no field that shows a key', async () => {
    const { id } = await registry.ask<ModelV1>(REQUESTS.modelCreate, {
      name: 'm',
      model: 'x',
      baseUrl: 'https://m.example',
      apiKey: 'sk-1',
    });
    expect(id).toBeDefined();
    const { errors } = await registry.graphql('{ model(name: "m") { apiKey } }');
    expect(errors?.[0]?.message).toContain('Cannot query field "apiKey"');
  });

  it('shows a tenant its own', async () => {
    const query = '{ programs { edges { node { name } } } signatures { edges { node { name } } } }';
    const { data } = await registry.graphql(query, {}, 'other');
    expect(data).toEqual({ programs: { edges: [] }, signatures: { edges: [] } });
  });

  it('makes datasets and pages them and their examples', async () => {
    const made = await registry.graphql<{ createDataset: object }>(
      'mutation ($input: CreateDatasetInput!) { createDataset(input: $input) { version signatureName counts { total } } }',
      {
        input: {
          name: 'words',
          signature: 'SigP3',
          splits: { seed: 4294967295, validation: 0, test: 1, stratifyBy: 'p3' },
        },
      },
    );
    expect(made.data.createDataset).toEqual({ version: 1, signatureName: 'SigP3', counts: { total: 0 } });
    const rows = ['a', 'b', 'c'].map((question) => ({ inputs: { question }, outputs: { p3: question } }));
    await registry.ask(REQUESTS.datasetAppend, { name: 'words', rows });
    const query = `query ($after: String) {
      datasets(filter: { name: { eq: "words" } }) { edges { node { name version counts { test } splits { seed stratifyBy } strata { value total test } } } }
      dataset(name: "words", version: 2) {
        examples(split: TEST, first: 2, after: $after) {
          edges { cursor node { inputs outputs split } }
          pageInfo { hasNextPage hasPreviousPage endCursor }
        }
      }
    }`;
    type Answer = {
      datasets: Connection<object>;
      dataset: { examples: Connection<{ inputs: object; split: string }> };
    };
    const { data } = await registry.graphql<Answer>(query);
    const strata = ['a', 'b', 'c'].map((value) => ({ value, total: 1, test: 1 }));
    const splits = { seed: 4294967295, stratifyBy: 'p3' };
    const node = { name: 'words', version: 2, counts: { test: 3 }, splits, strata };
    expect(data.datasets.edges).toEqual([{ node }]);
    const { edges, pageInfo } = data.dataset.examples;
    expect(edges[0]?.node).toMatchObject({ inputs: { question: 'a' }, outputs: { p3: 'a' }, split: 'TEST' });
    expect(pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const rest = await registry.graphql<Answer>(query, { after: pageInfo.endCursor });
    expect(rest.data.dataset.examples).toMatchObject({
      edges: [{ node: { inputs: { question: 'c' } } }],
      pageInfo: { hasNextPage: false },
    });
    const deleted = await registry.graphql<{ deleteDataset: object }>(
      'mutation { deleteDataset(name: "words") { name } }',
    );
    expect(deleted.data.deleteDataset).toEqual({ name: 'words' });
  });
});
