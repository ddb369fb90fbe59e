import type { ProgramInterfaceV1 } from '@dspy-nest/contracts';
import { executedOutputs } from '@dspy-nest/signature';
import type { GraphQLNamedType, GraphQLSchema } from 'graphql';
import { baseSchema, type BaseSchema } from './base-schema';
import { EXECUTION_FIELD } from './graphql-names';
import { ProgramSchema } from './program-schema';
import { ProgramTypes, type ProgramCalls } from './program-types';

/** A program that could not be given types, and why. */
export interface LeftOut {
  readonly program: string;
  readonly reason: string;
}

/** A schema with programs, and those that are missing in it. */
export interface TypedSchema {
  readonly schema: GraphQLSchema;
  readonly leftOut: readonly LeftOut[];
}

interface Known {
  readonly types: ProgramTypes;
  readonly clash: string | undefined;
}

/** Lays the types of programs over a schema. The types of a version are made once: a change costs what has changed. */
export class ProgramGraph {
  private readonly base: BaseSchema | undefined;
  private known = new Map<string, Known>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly calls: ProgramCalls,
  ) {
    this.base = baseSchema(schema);
  }

  /** The schema with the types of these programs; what clashes with it is left out, so that one program spoils no other. */
  with(programs: Iterable<ProgramInterfaceV1>): TypedSchema {
    const { base } = this;
    if (base === undefined) return { schema: this.schema, leftOut: [] };
    const known = sorted(programs).map((program) => this.known.get(keyOf(program)) ?? this.make(program, base));
    this.known = new Map(known.map((one) => [keyOf(one.types.program), one]));
    const typed = known.filter(({ clash }) => clash === undefined).map(({ types }) => types);
    const leftOut = known.flatMap(({ types, clash }) =>
      clash === undefined ? [] : [{ program: types.program.name, reason: clash }],
    );
    return { schema: new ProgramSchema(base, typed), leftOut };
  }

  private make(program: ProgramInterfaceV1, base: BaseSchema): Known {
    const types = new ProgramTypes(program, base, this.calls);
    return { types, clash: clashOf(types, base) };
  }
}

const keyOf = ({ programId, version }: ProgramInterfaceV1): string => `${programId}/${version}`;

/** In one order everywhere, so that all processes print the same. */
function sorted(programs: Iterable<ProgramInterfaceV1>): ProgramInterfaceV1[] {
  return [...programs].toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** Why the types of a program cannot stand beside those of the platform. The registry refuses such programs; they may be older than the clash. */
function clashOf({ names, program, types }: ProgramTypes, base: BaseSchema): string | undefined {
  if (givesExecution(program)) return `its output "${EXECUTION_FIELD}" is what GraphQL calls the execution itself`;
  if (Object.hasOwn(base.mutation.getFields(), names.mutation)) return `the mutation "${names.mutation}" is taken`;
  if (Object.hasOwn(base.query.getFields(), names.query)) return `the query "${names.query}" is taken`;
  const taken = types.find(({ name }: GraphQLNamedType) => base.schema.getType(name) !== undefined);
  return taken && `the type "${taken.name}" is taken`;
}

/** Whether a program has an output that hides the execution in the answer of its mutation. */
export function givesExecution({ signature, module }: Pick<ProgramInterfaceV1, 'signature' | 'module'>): boolean {
  return executedOutputs(signature, module).some(({ name }) => name === EXECUTION_FIELD);
}
