import { NestLogger, ServiceUnavailableError, createLogger } from '@dspy-nest/platform';
import { Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  Args,
  Context,
  Directive,
  Field,
  GraphQLModule,
  GraphQLSchemaHost,
  ID,
  ObjectType,
  Query,
  Resolver,
} from '@nestjs/graphql';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { composeServices } from '@theguild/federation-composition';
import { buildSchema, parse } from 'graphql';
import { DateTimeScalar, JsonScalar } from './scalars';
import { PageInfo, toConnection } from './relay';
import { subgraphOptions } from './subgraph-options';
import { subgraphSdl, YogaSubgraphDriver, type SubgraphContext } from './yoga-subgraph.driver';

@ObjectType('Thing')
@Directive('@key(fields: "id")')
class ThingType {
  @Field(() => ID)
  id: string;

  @Field(() => JsonScalar)
  data: unknown;

  @Field(() => DateTimeScalar)
  at: Date;
}

@ObjectType('Orphan')
@Directive('@key(fields: "id")')
class OrphanType {
  @Field(() => ID)
  id: string;
}

@Resolver()
class ThingResolver {
  @Query(() => ThingType)
  thing(@Args('data', { type: () => JsonScalar, nullable: true }) data: unknown): ThingType {
    return { id: '1', data, at: new Date(0) };
  }

  @Query(() => String)
  whoami(@Context() { context }: SubgraphContext): string {
    return `${context.tenant} ${context.traceId}`;
  }

  @Query(() => PageInfo)
  page(): PageInfo {
    return toConnection({ items: [], cursors: [], hasNext: false, hasPrevious: false }).pageInfo;
  }

  @Query(() => String, { nullable: true })
  known(): string {
    throw new ServiceUnavailableError('The shop is closed.', { details: { retryAfterS: 3 } });
  }

  @Query(() => String, { nullable: true })
  unknown(): Promise<string> {
    return Promise.reject(new Error('hunter2'));
  }
}

@Module({ imports: [GraphQLModule.forRoot(subgraphOptions([OrphanType]))], providers: [ThingResolver] })
class ThingsModule {}

let app: NestFastifyApplication;
let url: string;

beforeAll(async () => {
  Logger.overrideLogger(false);
  app = await NestFactory.create<NestFastifyApplication>(ThingsModule, new FastifyAdapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  url = `${await app.getUrl()}/graphql`;
});

afterAll(async () => {
  await app?.close();
});

interface Answer {
  data?: Record<string, unknown> | null;
  errors?: { message: string; path?: string[]; extensions?: Record<string, unknown> }[];
}

async function ask(query: string, variables = {}, headers = {}): Promise<Answer> {
  const request = {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  };
  const response = await fetch(url, request);
  return (await response.json()) as Answer;
}

describe('a subgraph', () => {
  it('answers queries; JSON and DateTime pass as they are', async () => {
    const literal = await ask('{ thing(data: {a: [1, "x", null]}) { id data at } }');
    expect(literal).toEqual({
      data: { thing: { id: '1', data: { a: [1, 'x', null] }, at: '1970-01-01T00:00:00.000Z' } },
    });
    const { data } = await ask('query ($d: JSON) { thing(data: $d) { data } }', { d: { deep: { list: [true] } } });
    expect(data).toEqual({ thing: { data: { deep: { list: [true] } } } });
  });

  it('gives resolvers the tenant and the trace of the headers', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const headers = { 'dspy-tenant': 'acme', traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
    expect(await ask('{ whoami }', {}, headers)).toEqual({ data: { whoami: `acme ${traceId}` } });
  });

  it('refuses an impossible tenant', async () => {
    const { errors } = await ask('{ whoami }', {}, { 'dspy-tenant': 'NO' });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'validation_failed' });
  });

  it('shows an AppError with code and details, and where', async () => {
    expect(await ask('{ known }')).toMatchObject({
      data: { known: null },
      errors: [
        {
          message: 'The shop is closed.',
          path: ['known'],
          extensions: { code: 'service_unavailable', retryable: true, details: { retryAfterS: 3 } },
        },
      ],
    });
  });

  it('hides an unknown error, and logs it under its trace', async () => {
    const lines: string[] = [];
    Logger.overrideLogger(new NestLogger(createLogger('test', 'warn', { write: (line) => void lines.push(line) })));
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const answer = await ask('{ unknown }', {}, { traceparent: `00-${traceId}-00f067aa0ba902b7-01` });
    Logger.overrideLogger(false);
    expect(answer).toMatchObject({ data: { unknown: null }, errors: [{ path: ['unknown'] }] });
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'internal' });
    expect(JSON.stringify(answer)).not.toMatch(/hunter2|stack|driver\.spec/);
    const ours = lines.filter((line) => line.includes('"context":"GraphQL"'));
    expect(ours.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ traceId, err: { message: 'hunter2' } }]);
  });

  it('shows GraphQL’s own errors', async () => {
    expect((await ask('{ nothing }')).errors?.[0]?.message).toContain('nothing');
  });

  it.each([{ origin: 'http://127.0.0.1:4000' }, { 'sec-fetch-site': 'cross-site' }])(
    'refuses web pages: %j',
    async (headers) => {
      expect((await ask('{ whoami }', {}, headers)).errors?.[0]?.extensions).toMatchObject({ code: 'forbidden' });
    },
  );

  it('refuses documents that ask for too much', async () => {
    const { errors } = await ask(`{ ${'whoami '.repeat(201)} }`);
    expect(errors?.[0]?.message).toContain('201 top-level fields; at most 200');
  });

  it('has no pages for people', async () => {
    const response = await fetch(url, { headers: { accept: 'text/html' } });
    expect(await response.text()).not.toMatch(/<html/i);
  });

  it('composes with another that shares PageInfo, entities without a root field included', () => {
    const sdl = subgraphSdl(app.get(GraphQLSchemaHost).schema);
    const other = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
      type Query { other: PageInfo }
      type PageInfo @shareable { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
      type Orphan @key(fields: "id") { id: ID! name: String }`;
    const services = [sdl, other].map((typeDefs, n) => ({ name: `s${n}`, url, typeDefs: parse(typeDefs) }));
    const { supergraphSdl, errors } = composeServices(services);
    expect(errors).toBeUndefined();
    for (const type of ['type Thing', 'type Orphan', 'type PageInfo']) expect(supergraphSdl).toContain(type);
  });

  it('serves each tenant the schema of its own from the next request on', async () => {
    const driver = app.get(GraphQLModule).graphQlAdapter as YogaSubgraphDriver;
    const { schema } = app.get(GraphQLSchemaHost);
    const own = buildSchema('type Query { fresh: String }');
    driver.serve((tenant) => (tenant === 'acme' ? own : schema));
    expect(await ask('{ fresh }', {}, { 'dspy-tenant': 'acme' })).toEqual({ data: { fresh: null } });
    expect((await ask('{ fresh }')).errors?.[0]?.message).toContain('fresh');
    expect(await ask('{ whoami }')).toMatchObject({ data: { whoami: expect.stringContaining('default') as string } });
  });
});
