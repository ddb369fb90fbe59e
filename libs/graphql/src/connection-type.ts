import { Field, ObjectType } from '@nestjs/graphql';
import { PageInfo, type Connection } from './relay';

type Class<T> = new () => T;

/** The Relay connection type of a node, with its edge: `<name>Connection` and `<name>Edge`. */
export function connectionType<T>(name: string, node: Class<T>): Class<Connection<T>> {
  @ObjectType(`${name}Edge`)
  class Edge {
    @Field(() => node) node: T;
    @Field(() => String) cursor: string;
  }

  @ObjectType(`${name}Connection`)
  class ConnectionOfNode implements Connection<T> {
    @Field(() => [Edge]) edges: Edge[];
    @Field(() => PageInfo) pageInfo: PageInfo;
  }
  return ConnectionOfNode;
}
