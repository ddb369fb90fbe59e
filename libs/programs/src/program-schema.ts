import {
  GraphQLObjectType,
  GraphQLSchema,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
} from 'graphql';
import type { BaseSchema } from './base-schema';
import type { ProgramTypes } from './program-types';

type FieldMap = Record<string, GraphQLField<unknown, unknown>>;
type TypeMap = Record<string, GraphQLNamedType>;

/** A root type with the fields of programs beside its own, all of which exist already. */
class RootType extends GraphQLObjectType {
  private readonly all: FieldMap;

  constructor(base: GraphQLObjectType, parts: readonly GraphQLObjectType[]) {
    super(base.toConfig());
    this.all = Object.assign({}, base.getFields(), ...parts.map((part) => part.getFields())) as FieldMap;
  }

  override getFields(): FieldMap {
    return this.all;
  }
}

/**
 * A schema with the types of programs on top. It is a view: all types but the roots are those of the base, and of the schemas
 * before and after it. GraphQL's own constructor would walk through every type, which takes longer than anything else here.
 */
export class ProgramSchema extends GraphQLSchema {
  private readonly output: BaseSchema['output'];
  private readonly query: GraphQLObjectType;
  private readonly mutation: GraphQLObjectType;
  private readonly byProgram: ReadonlyMap<string, ProgramTypes>;
  private readonly members: ReadonlySet<GraphQLNamedType>;
  private readonly all: TypeMap;

  constructor(base: BaseSchema, programs: readonly ProgramTypes[]) {
    // What the builders make is valid, and checking it would take longer than making it.
    super({ ...base.schema.toConfig(), assumeValid: true });
    this.output = base.output;
    this.query = new RootType(
      base.query,
      programs.map(({ query }) => query),
    );
    this.mutation = new RootType(
      base.mutation,
      programs.map(({ mutation }) => mutation),
    );
    this.byProgram = new Map(programs.map((types) => [types.program.programId, types]));
    this.members = new Set(programs.map(({ outputs }) => outputs));
    this.all = Object.assign(Object.create(null), super.getTypeMap()) as TypeMap;
    for (const root of [this.query, this.mutation]) this.all[root.name] = root;
    for (const { types } of programs) for (const type of types) this.all[type.name] = type;
  }

  /** The types of a program; undefined when it has none in this schema. */
  typesOf(programId: string): ProgramTypes | undefined {
    return this.byProgram.get(programId);
  }

  /** All programs with types, in the order of their names. */
  get programs(): readonly ProgramTypes[] {
    return [...this.byProgram.values()];
  }

  override getQueryType(): GraphQLObjectType {
    return this.query;
  }

  override getMutationType(): GraphQLObjectType {
    return this.mutation;
  }

  // The constructor above asks before there are any types of programs.
  override getTypeMap(): TypeMap {
    return this.all ?? super.getTypeMap();
  }

  override getType(name: string): GraphQLNamedType | undefined {
    return this.getTypeMap()[name];
  }

  // The union belongs to all schemas on this base; its members are those of this one.
  override getPossibleTypes(type: GraphQLAbstractType): readonly GraphQLObjectType[] {
    const possible = super.getPossibleTypes(type);
    return type === this.output ? [...possible, ...(this.members as ReadonlySet<GraphQLObjectType>)] : possible;
  }

  override isSubType(type: GraphQLAbstractType, maybe: GraphQLObjectType | GraphQLInterfaceType): boolean {
    return (type === this.output && this.members.has(maybe)) || super.isSubType(type, maybe);
  }
}
