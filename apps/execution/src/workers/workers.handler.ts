import { type Page, PageRequest, REQUESTS, type WorkerV1 } from '@dspy-nest/contracts';
import { ContractPipe } from '@dspy-nest/messaging';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { pageOfWorkers } from './worker-page';
import { WorkersService } from './workers.service';

/** The requests about the fleet. */
@Controller()
export class WorkersHandler {
  constructor(private readonly workers: WorkersService) {}

  @MessagePattern(REQUESTS.workerList)
  list(@Payload(new ContractPipe(PageRequest)) request: PageRequest): Page<WorkerV1> {
    const { items, nextCursor } = pageOfWorkers(this.workers.list(), request);
    return { items, nextCursor };
  }
}
