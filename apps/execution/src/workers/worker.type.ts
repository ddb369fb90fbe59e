import { JsonScalar, PageInfo } from '@dspy-nest/graphql';
import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';

@ObjectType('Worker', { description: 'A Python process that runs programs.' })
export class WorkerType {
  @Field(() => ID) id: string;
  @Field(() => String) status: string;
  @Field(() => String) pool: string;
  @Field(() => String) host: string;
  @Field(() => Int) pid: number;
  @Field(() => String) startedAt: string;
  @Field(() => String) lastSeenAt: string;
  @Field(() => Int) concurrency: number;
  @Field(() => Int) inFlight: number;
  @Field(() => Int) executed: number;
  @Field(() => Float) rssBytes: number;
  @Field(() => JsonScalar, { description: 'Of python, dspy and the worker.' }) versions: object;
  @Field(() => [String]) modules: string[];
  @Field(() => [String]) formats: string[];
}

@ObjectType('WorkerEdge')
export class WorkerEdge {
  @Field(() => WorkerType) node: WorkerType;
  @Field(() => String) cursor: string;
}

@ObjectType('WorkerConnection')
export class WorkerConnection {
  @Field(() => [WorkerEdge]) edges: WorkerEdge[];
  @Field(() => PageInfo) pageInfo: PageInfo;
}
