import type { ProgramInterfaceV1 } from '@dspy-nest/contracts';
import { programNames } from '@dspy-nest/programs';
import {
  executedOutputs,
  inputJsonSchema,
  outputJsonSchema,
  toPascalCase,
  type Field,
  type JsonSchema,
} from '@dspy-nest/signature';
import { EXECUTION_EXAMPLE } from '../docs/examples';
import { codeSamples } from './code-samples';
import { exampleOfField, exampleOfFields } from './field-example';
import { EXECUTION_LINKS } from './links';

/** Under which registered programs stand. */
export const PROGRAMS_TAG = 'registered programs';

/** The operation that all programs share, in the parts that do not depend on the program. */
export interface SharedOperation {
  readonly description: string;
  readonly parameters: readonly object[];
  /** Every response but 200. */
  readonly responses: Record<string, object>;
}

/** What one program adds to the document. */
export interface ProgramOperation {
  readonly path: string;
  readonly item: object;
  readonly schemas: Record<string, object>;
}

const schemaRef = (name: string): object => ({ $ref: `#/components/schemas/${name}` });

/** The operation of a program in its published version, with the schemas of what it takes and gives. */
export function programOperation(
  program: ProgramInterfaceV1,
  { description, parameters, responses }: SharedOperation,
  origin: string,
): ProgramOperation {
  const { name, signature, module } = program;
  const names = programNames(name);
  const outputs = executedOutputs(signature, module);
  const path = `/v1/programs/${name}/executions`;
  const post = {
    operationId: operationIdOf(name),
    tags: [PROGRAMS_TAG],
    summary: `Run ${name}`,
    description: `${aboutOf(program)}\n\n${description}`,
    parameters,
    requestBody: { required: true, content: { 'application/json': requestOf(program, names.inputs) } },
    responses: { 200: responseOf(program, outputs), ...responses },
    'x-codeSamples': codeSamples({
      url: `${origin}${path}`,
      inputs: sampleInputs(signature.inputs),
      output: outputs[0]?.name ?? '',
    }),
  };
  return {
    path,
    item: { post },
    schemas: {
      [names.inputs]: titled(`What "${name}" takes.`, inputJsonSchema(signature)),
      [names.outputs]: titled(`What "${name}" gives.`, outputJsonSchema({ outputs })),
    },
  };
}

/** No operation of the platform begins so. */
function operationIdOf(program: string): string {
  return `run${toPascalCase(program)}`;
}

function aboutOf({ description, version, signature }: ProgramInterfaceV1): string {
  const about = description ?? signature.instructions;
  const types = `Version ${version}, on signature ${signature.name}:\n\n    ${signature.definition.replaceAll('\n', '\n    ')}`;
  return about === undefined ? types : `${about}\n\n${types}`;
}

function requestOf({ signature, version }: ProgramInterfaceV1, inputs: string): object {
  const example = exampleOfFields(signature.inputs);
  const typed = {
    type: 'object',
    properties: {
      inputs: schemaRef(inputs),
      version: { type: 'integer', enum: [version], description: 'The version that these types are of.' },
    },
  };
  return {
    schema: { allOf: [schemaRef('ExecuteProgramDto'), typed] },
    ...(example !== undefined && { example: { inputs: example } }),
  };
}

function responseOf(program: ProgramInterfaceV1, fields: readonly Field[]): object {
  const { programId, name, version, signature } = program;
  const typed = { type: 'object', properties: { outputs: schemaRef(programNames(name).outputs) } };
  const schema = { allOf: [schemaRef('Execution'), typed] };
  const [inputs, outputs] = [exampleOfFields(signature.inputs), exampleOfFields(fields)];
  const of = { program: name, programId, version, signature: signature.name };
  const hasExample = inputs !== undefined && outputs !== undefined;
  const example = hasExample ? { ...EXECUTION_EXAMPLE, ...of, inputs, outputs } : undefined;
  return {
    description: 'The execution succeeded; `Server-Timing` says where the time went.',
    content: { 'application/json': example === undefined ? { schema } : { schema, example } },
    links: EXECUTION_LINKS,
  };
}

function sampleInputs(fields: readonly Field[]): Record<string, unknown> {
  const asked = fields.filter(({ optional, default: given }) => !optional && given === undefined);
  return Object.fromEntries(asked.map((field) => [field.name, exampleOfField(field) ?? '…']));
}

/** OpenAPI 3.1 says once for the whole document which dialect its schemas are in. */
function titled(description: string, { $schema: _dialect, ...schema }: JsonSchema): object {
  return { description, ...schema };
}
