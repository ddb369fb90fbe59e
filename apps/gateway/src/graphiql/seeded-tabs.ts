import type { ProgramInterfaceV1 } from '@dspy-nest/contracts';
import { givesExecution, programNames } from '@dspy-nest/programs';
import { executedOutputs, type Field, type FieldType } from '@dspy-nest/signature';
import { exampleOfFields } from '../openapi/field-example';

/** A tab as GraphiQL opens it. */
export interface Tab {
  readonly query: string;
  readonly variables?: string;
}

const PROGRAMS = `# What is registered, and what ran last. Ctrl-Enter runs it; the book on the left is the whole schema.
query Overview {
  programs(first: 10) {
    edges { node { name version description } }
  }
  executions(first: 5) {
    edges { node { id status outputs timing { totalMs overheadMs } program { name } } }
  }
}
`;
const CREATE = `# Registers a program: a moment later it has a mutation of its own, readMood.
mutation CreateProgram($input: CreateProgramInput!) {
  createProgram(input: $input) { id name version }
}
`;
const READ_MOOD = { input: { name: 'read-mood', signature: 'message: string -> mood: enum["happy", "angry"]' } };

/** The tabs that a reader finds who has none yet: what there is, the newest program run and looked at, and how to make one. */
export function seededTabs(programs: Iterable<ProgramInterfaceV1>): Tab[] {
  const typed = [...programs].filter((program) => !givesExecution(program));
  // Ids are made in the order of time.
  const newest = typed.toSorted((one, other) => (one.programId < other.programId ? 1 : -1))[0];
  const create = { query: CREATE, variables: asText(READ_MOOD) };
  return [{ query: PROGRAMS }, ...(newest === undefined ? [] : [runOf(newest), pastOf(newest)]), create];
}

function runOf({ name, signature, module }: ProgramInterfaceV1): Tab {
  const { mutation, inputs } = programNames(name);
  return {
    query: `# Runs "${name}".
mutation Run($inputs: ${inputs}!) {
  ${mutation}(inputs: $inputs) {
    ${selectionOf(executedOutputs(signature, module))}
    execution { id status error { code message } timing { totalMs lmMs overheadMs } }
  }
}
`,
    variables: asText({ inputs: exampleOfFields(signature.inputs) ?? {} }),
  };
}

function pastOf({ name, signature, module }: ProgramInterfaceV1): Tab {
  return {
    query: `# What "${name}" gave before.
query Past {
  ${programNames(name).query}(first: 10) {
    edges { node { id status outputs { ${selectionOf(executedOutputs(signature, module))} } } }
    pageInfo { hasNextPage endCursor }
  }
}
`,
  };
}

function selectionOf(fields: readonly Field[]): string {
  return fields.map(({ name, type }) => `${name}${selectionWithin(type)}`).join(' ');
}

/** GraphQL has objects selected member by member; what it cannot say (dicts, unions) is JSON. */
function selectionWithin(type: FieldType): string {
  if (typeof type === 'string') return '';
  switch (type.kind) {
    case 'list':
      return selectionWithin(type.items);
    case 'optional':
    case 'constrained':
      return selectionWithin(type.of);
    case 'object':
      return ` { ${selectionOf(type.fields)} }`;
    case 'dict':
    case 'union':
    case 'enum':
      return '';
  }
}

const asText = (variables: object): string => JSON.stringify(variables, null, 2);
