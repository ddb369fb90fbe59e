import type { WorkerV1 } from '@dspy-nest/contracts';
import { type Connection, ConnectionArgs, pageRequestFrom, toConnection } from '@dspy-nest/graphql';
import { Args, Query, Resolver } from '@nestjs/graphql';
import { pageOfWorkers } from './worker-page';
import { WorkerConnection, WorkerType } from './worker.type';
import { WorkersService } from './workers.service';

/** The fleet in GraphQL. */
@Resolver(() => WorkerType)
export class WorkersResolver {
  constructor(private readonly workers: WorkersService) {}

  @Query(() => WorkerConnection, { name: 'workers', description: 'The workers that live now, oldest first.' })
  list(@Args() args: ConnectionArgs): Connection<WorkerV1> {
    return toConnection(pageOfWorkers(this.workers.list(), pageRequestFrom(args)));
  }
}
