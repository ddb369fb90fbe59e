import type { Constraints, Field, FieldType, PrimitiveType } from '@dspy-nest/signature';
import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLFloat,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLString,
  type GraphQLFieldConfig,
  type GraphQLInputFieldConfig,
  type GraphQLInputType,
  type GraphQLNullableType,
  type GraphQLOutputType,
  type GraphQLScalarType,
} from 'graphql';
import { isGraphqlEnum } from './enum-names';
import { fieldDoc } from './field-doc';
import { isGraphqlInt } from './representable';

const scalars: Record<Exclude<PrimitiveType, 'int' | 'json' | 'reasoning'>, GraphQLScalarType> = {
  string: GraphQLString,
  float: GraphQLFloat,
  bool: GraphQLBoolean,
  probability: GraphQLFloat,
  date: GraphQLString,
  datetime: GraphQLString,
  url: GraphQLString,
  email: GraphQLString,
  image: GraphQLString,
};

/** The GraphQL types of the fields of one side of a program. Types within them are named `<prefix>_<path>`. */
abstract class FieldTypes {
  private readonly taken = new Set<string>();

  constructor(
    private readonly prefix: string,
    private readonly json: GraphQLScalarType,
  ) {}

  protected abstract objectType(name: string, fields: readonly Field[], path: readonly string[]): GraphQLNullableType;

  /** What GraphQL cannot say (dicts, unions) is JSON. */
  protected typeOf(type: FieldType, path: readonly string[], limits?: Constraints): GraphQLNullableType {
    if (typeof type === 'string') return this.primitive(type, limits);
    switch (type.kind) {
      case 'list':
        return new GraphQLList(this.itemOf(type.items, path));
      case 'dict':
      case 'union':
        return this.json;
      case 'optional':
        return this.typeOf(type.of, path);
      case 'enum':
        return isGraphqlEnum(type.values) ? this.enumType(type.values, path) : GraphQLString;
      case 'object':
        return this.objectType(this.nameOf(path), type.fields, path);
      case 'constrained':
        return this.typeOf(type.of, path, type.constraints);
    }
  }

  private itemOf(type: FieldType, path: readonly string[]): GraphQLNullableType | GraphQLNonNull<GraphQLNullableType> {
    const item = this.typeOf(type, path);
    return typeof type === 'object' && type.kind === 'optional' ? item : new GraphQLNonNull(item);
  }

  private primitive(type: PrimitiveType, { min = 0, max = 0 }: Constraints = {}): GraphQLNullableType {
    if (type === 'json') return this.json;
    if (type === 'reasoning') return new GraphQLList(new GraphQLNonNull(GraphQLString));
    // Who names limits past 32 bits means to use them; without limits the usual Int is expected.
    if (type === 'int') return isGraphqlInt(min) && isGraphqlInt(max) ? GraphQLInt : GraphQLFloat;
    return scalars[type];
  }

  private enumType(values: readonly string[], path: readonly string[]): GraphQLEnumType {
    return new GraphQLEnumType({
      name: this.nameOf(path),
      values: Object.fromEntries(values.map((value) => [value, { value }])),
    });
  }

  /** Field names may have underscores, so that two paths can read the same. */
  private nameOf(path: readonly string[]): string {
    const name = [this.prefix, ...path].join('_');
    let free = name;
    for (let number = 2; this.taken.has(free); number += 1) free = `${name}_${number}`;
    this.taken.add(free);
    return free;
  }
}

/** Types of what a program takes. */
export class InputTypes extends FieldTypes {
  /** The fields of an input type: what may be left out is nullable or has its default. */
  fields(fields: readonly Field[], path: readonly string[] = []): Record<string, GraphQLInputFieldConfig> {
    return Object.fromEntries(fields.map((field) => [field.name, this.field(field, [...path, field.name])]));
  }

  protected override objectType(name: string, fields: readonly Field[], path: readonly string[]): GraphQLNullableType {
    return new GraphQLInputObjectType({ name, fields: this.fields(fields, path) });
  }

  private field(field: Field, path: readonly string[]): GraphQLInputFieldConfig {
    const type = this.typeOf(field.type, path, field.constraints) as GraphQLInputType & GraphQLNullableType;
    return {
      type: field.optional ? type : new GraphQLNonNull(type),
      description: fieldDoc(field),
      defaultValue: type === GraphQLString && field.default != null ? String(field.default) : field.default,
    };
  }
}

/** Reads a member that the value has of its own: names such as `toString` are fields, too. */
const readMember =
  (name: string) =>
  (source: Record<string, unknown>): unknown =>
    Object.hasOwn(source, name) ? source[name] : null;

/** Types of what a program gives. */
export class OutputTypes extends FieldTypes {
  /** The fields of an output type, all nullable: an execution may have failed, or be of an older version. */
  fields<Source>(
    fields: readonly Field[],
    resolver: (field: Field) => (source: Source) => unknown,
    path: readonly string[] = [],
  ): Record<string, GraphQLFieldConfig<Source, unknown>> {
    const config = (field: Field): GraphQLFieldConfig<Source, unknown> => ({
      type: this.typeOf(field.type, [...path, field.name], field.constraints) as GraphQLOutputType,
      description: fieldDoc(field),
      resolve: resolver(field),
    });
    return Object.fromEntries(fields.map((field) => [field.name, config(field)]));
  }

  protected override objectType(name: string, fields: readonly Field[], path: readonly string[]): GraphQLNullableType {
    const config = this.fields(fields, (field) => readMember(field.name), path);
    return new GraphQLObjectType({ name, fields: config });
  }
}
