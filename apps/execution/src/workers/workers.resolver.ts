import type { WorkerV1 } from '@dspy-nest/contracts';
import { type Connection, toConnection } from '@dspy-nest/platform';
import { Query, Resolver } from '@nestjs/graphql';
import { WorkerConnection, WorkerType } from './worker.type';
import { WorkersService } from './workers.service';

/** The fleet in GraphQL. */
@Resolver(() => WorkerType)
export class WorkersResolver {
  constructor(private readonly workers: WorkersService) {}

  @Query(() => WorkerConnection, { name: 'workers', description: 'The workers that live now, oldest first.' })
  list(): Connection<WorkerV1> {
    const items = this.workers.list();
    return toConnection({ items, cursors: items.map(({ id }) => id), hasNext: false, hasPrevious: false });
  }
}
