import type { ProgramInterfaceV1 } from '@dspy-nest/contracts';
import { executedOutputs, type Field } from '@dspy-nest/signature';
import {
  GraphQLID,
  GraphQLInputObjectType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLString,
  getNamedType,
  isInputObjectType,
  isObjectType,
  type GraphQLFieldConfig,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLType,
} from 'graphql';
import type { BaseSchema } from './base-schema';
import { InputTypes, OutputTypes } from './field-types';
import { EXECUTION_FIELD, programNames, type ProgramNames } from './graphql-names';
import { toInputs } from './input-values';
import { isRepresentable } from './representable';

/** An execution on its way into the types of its program. */
export interface TypedExecution {
  readonly id: string;
  /** As the schema below has it inside. */
  readonly status: unknown;
  readonly version: number;
  readonly outputs: Readonly<Record<string, unknown>> | null;
  /** Its place in a list. */
  readonly cursor?: string;
  /** The execution as the schema below has it, or a resolver of it, which GraphQL calls when it is selected. */
  readonly execution: unknown;
}

/** Executions of one program, a page of them. */
export interface TypedConnection {
  readonly edges: readonly TypedExecution[];
  readonly pageInfo: unknown;
}

/** How the typed fields get at executions. */
export interface ProgramCalls {
  /** Runs a program; `args` are the inputs, and what `executeProgram` takes beside program, inputs and version. */
  run(program: ProgramInterfaceV1, args: RunArgs, context: unknown, info: GraphQLResolveInfo): Promise<TypedExecution>;
  /** Lists the executions of a program; `args` are those of `executions`. */
  list(
    program: ProgramInterfaceV1,
    args: Record<string, unknown>,
    context: unknown,
    info: GraphQLResolveInfo,
  ): Promise<TypedConnection>;
}

/** The arguments of a typed mutation. */
export type RunArgs = Record<string, unknown> & { inputs: Record<string, unknown> };

type FieldConfig = GraphQLFieldConfig<unknown, unknown>;

/** What one program adds to a schema, made once for each of its versions. */
export class ProgramTypes {
  readonly names: ProgramNames;
  readonly outputs: GraphQLObjectType;
  /** The root types, with the fields of this program alone. */
  readonly mutation: GraphQLObjectType;
  readonly query: GraphQLObjectType;
  /** All but the root types, each once. */
  readonly types: readonly GraphQLNamedType[];
  private readonly inputs: GraphQLInputObjectType;
  private readonly execution: GraphQLObjectType;
  private readonly connection: GraphQLObjectType;

  constructor(
    readonly program: ProgramInterfaceV1,
    private readonly base: BaseSchema,
    calls: ProgramCalls,
  ) {
    this.names = programNames(program.name);
    this.inputs = this.inputsType();
    this.outputs = this.outputsType();
    this.execution = this.executionType();
    this.connection = this.connectionType();
    this.mutation = this.rootType(base.mutation, this.names.mutation, this.mutationField(calls));
    this.query = this.rootType(base.query, this.names.query, this.queryField(calls));
    this.types = this.allTypes();
  }

  /** Whether a type is one through which the executions of this program are reached. */
  leadsToExecution(type: unknown): boolean {
    return type === this.outputs || type === this.execution || type === this.connection;
  }

  /** Whether a type is that of an execution itself. */
  isExecution(type: unknown): boolean {
    return type === this.base.execution;
  }

  private allTypes(): readonly GraphQLNamedType[] {
    const found = new Set<GraphQLNamedType>();
    const add = (type: GraphQLNamedType): void => {
      if (this.base.schema.getType(type.name) === type || found.has(type)) return;
      found.add(type);
      if (!isObjectType(type) && !isInputObjectType(type)) return;
      const fields: readonly { readonly type: GraphQLType }[] = Object.values(type.getFields());
      for (const field of fields) add(getNamedType(field.type));
    };
    [this.inputs, this.outputs, this.execution, this.connection].forEach(add);
    return [...found];
  }

  private rootType({ name }: GraphQLObjectType, fieldName: string, field: FieldConfig): GraphQLObjectType {
    return new GraphQLObjectType({ name, fields: { [fieldName]: field } });
  }

  private inputsType(): GraphQLInputObjectType {
    const { inputs: name } = this.names;
    const { signature } = this.program;
    const fields = new InputTypes(name, this.base.json).fields(signature.inputs);
    return new GraphQLInputObjectType({ name, description: `What "${this.program.name}" takes.`, fields });
  }

  private outputsType(): GraphQLObjectType {
    const { outputs: name } = this.names;
    const { signature, module } = this.program;
    const types = new OutputTypes(name, this.base.json);
    const fields = types.fields<TypedExecution>(executedOutputs(signature, module), (field) => this.readOutput(field));
    const execution = this.executionField();
    return new GraphQLObjectType({
      name,
      description: `What "${this.program.name}" gives; null where the execution gave nothing that fits.`,
      fields: { ...fields, [EXECUTION_FIELD]: execution },
    });
  }

  private readOutput({ name, type }: Field): (source: TypedExecution) => unknown {
    const { version } = this.program;
    return (source) => {
      if (source.outputs === null || !Object.hasOwn(source.outputs, name)) return null;
      const value = source.outputs[name];
      return source.version === version || isRepresentable(type, value) ? value : null;
    };
  }

  private executionField(): GraphQLFieldConfig<TypedExecution, unknown> {
    return { type: new GraphQLNonNull(this.base.execution) };
  }

  /** Edge and node in one: GraphQL has no generics, and an edge of its own would be one more type for each program. */
  private executionType(): GraphQLObjectType {
    const type: GraphQLObjectType<TypedExecution> = new GraphQLObjectType<TypedExecution>({
      name: this.names.execution,
      description: `An execution of "${this.program.name}", as an edge and as its node.`,
      fields: () => ({
        cursor: { type: GraphQLString },
        node: { type: new GraphQLNonNull(type), resolve: (source) => source },
        id: { type: new GraphQLNonNull(GraphQLID) },
        status: { type: this.base.status },
        outputs: { type: this.outputs, resolve: (source) => (source.outputs === null ? null : source) },
        [EXECUTION_FIELD]: this.executionField(),
      }),
    });
    return type;
  }

  private connectionType(): GraphQLObjectType {
    return new GraphQLObjectType({
      name: this.names.connection,
      fields: {
        edges: { type: listOf(this.execution) },
        pageInfo: { type: new GraphQLNonNull(this.base.pageInfo) },
      },
    });
  }

  private mutationField(calls: ProgramCalls): FieldConfig {
    const { description, name, signature } = this.program;
    return {
      description: description ?? signature.instructions ?? `Runs the program "${name}" and answers with how it ended.`,
      type: this.outputs,
      args: { inputs: { type: new GraphQLNonNull(this.inputs) }, ...this.base.runArgs },
      resolve: (_source, { inputs, ...args }, context, info) => {
        const given = inputs as Record<string, unknown>;
        return calls.run(this.program, { ...args, inputs: toInputs(signature.inputs, given) }, context, info);
      },
    };
  }

  private queryField(calls: ProgramCalls): FieldConfig {
    return {
      description: `Executions of "${this.program.name}", newest first.`,
      type: this.connection,
      args: this.base.listArgs,
      resolve: (_source, args: Record<string, unknown>, context, info) => calls.list(this.program, args, context, info),
    };
  }
}

function listOf(type: GraphQLObjectType): GraphQLOutputType {
  return new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(type)));
}
