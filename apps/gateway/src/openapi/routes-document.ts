import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { contractSchemas } from '../docs/contract-schemas';
import { addLinks } from './links';
import { PROGRAMS_TAG, type SharedOperation } from './program-operation';
import { addRowBodies } from './row-bodies';

type Operation = NonNullable<OpenAPIObject['paths'][string]['post']>;
type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;
type Parameter = Exclude<NonNullable<Operation['parameters']>[number], { $ref: string }>;

const EXECUTE_PATH = '/v1/programs/{name}/executions';

/** The OpenAPI description of the gateway's own routes, and what the operations of programs share with one of them. */
export interface RoutesDocument {
  readonly document: OpenAPIObject;
  readonly execute: SharedOperation;
}

/** The OpenAPI 3.1 description of all routes of the gateway. */
export function routesDocument(app: NestFastifyApplication): RoutesDocument {
  const base = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('DSPy-Nest')
    .setDescription('Typed, versioned, observable services from DSPy programs. Errors are RFC 9457 problems.')
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/')
    .addTag('signatures', 'What goes into a program and what comes out')
    .addTag('programs', 'A signature and how it is run, in immutable versions')
    .addTag(PROGRAMS_TAG, 'Each program that is registered now, typed by its signature')
    .addTag('executions', 'Programs, run')
    .addTag('batches', 'Programs, run over many inputs')
    .addTag('events', 'What happens, as it happens')
    .addTag('dead letters', 'Jobs that the fleet gave up, kept until somebody looks')
    .addTag('datasets', 'Examples that are typed by a signature, in immutable versions')
    .addTag('metrics', 'How good one answer is, from 0 to 1')
    .addTag('evaluations', 'How good programs are on examples, and whether one is better')
    .addTag('optimizations', 'Programs, improved by the optimisers of DSPy')
    .addTag('models', 'Language models behind OpenAI-compatible endpoints')
    .addTag('workers', 'The processes that run DSPy')
    .addTag('openai', 'Programs as models, for the clients of OpenAI')
    .addTag('mcp', 'Programs as tools, for agents')
    .addTag('graphql', 'All of it in one federated graph')
    .addTag('operations', 'Probes, metrics and descriptions')
    .build();
  const document = SwaggerModule.createDocument(app, base, { operationIdFactory: toOperationId });
  addLinks(document);
  addRowBodies(document);
  const schemas = { ...closed(document.components?.schemas ?? {}), ...contractSchemas() };
  const components = { ...document.components, schemas };
  // No address: there is none that every installation could be asked at. Without access control nobody shows who he is.
  const info = { ...document.info, contact: { name: 'The contributors of DSPy-Nest' } };
  return withSharedExecution({ ...document, info, security: [], components });
}

/** Bodies have no members that are not known: the pipe that checks them refuses such, which the library does not write down. */
function closed(bodies: Schemas): Schemas {
  const entries = Object.entries(bodies).map(([name, schema]) => [name, { additionalProperties: false, ...schema }]);
  return Object.fromEntries(entries) as Schemas;
}

function toOperationId(controller: string, method: string): string {
  const resource = controller.replace(/Controller$/, '');
  return `${method}${resource}`;
}

/** Moves what all executions have in common to the components, where a thousand programs refer to it. */
function withSharedExecution(document: OpenAPIObject): RoutesDocument {
  const item = document.paths[EXECUTE_PATH]!;
  const post = item.post!;
  const { 200: succeeded, ...others } = post.responses;
  const parameters = (post.parameters ?? []) as Parameter[];
  const headers = parameters.filter((parameter) => parameter.in === 'header');
  const named = headers.map((header) => [header.name, header] as const);
  const responses = Object.entries(others).map(([status, response]) => [`Execute${status}`, response!] as const);
  const execute = {
    description: post.description ?? '',
    parameters: named.map(([name]) => componentRef('parameters', name)),
    responses: Object.fromEntries(
      Object.keys(others).map((status) => [status, componentRef('responses', `Execute${status}`)]),
    ),
  };
  const generic = {
    ...post,
    parameters: [...parameters.filter((parameter) => parameter.in !== 'header'), ...execute.parameters],
    responses: { 200: succeeded, ...execute.responses },
  };
  const shared = { parameters: Object.fromEntries(named), responses: Object.fromEntries(responses) };
  return {
    document: {
      ...document,
      paths: { ...document.paths, [EXECUTE_PATH]: { ...item, post: generic } },
      components: { ...document.components, ...shared },
    },
    execute,
  };
}

function componentRef(kind: 'parameters' | 'responses', name: string): { $ref: string } {
  return { $ref: `#/components/${kind}/${name}` };
}
