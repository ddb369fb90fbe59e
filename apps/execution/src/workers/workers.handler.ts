import { type Page, REQUESTS, type WorkerV1 } from '@dspy-nest/contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { WorkersService } from './workers.service';

/** The requests about the fleet. */
@Controller()
export class WorkersHandler {
  constructor(private readonly workers: WorkersService) {}

  @MessagePattern(REQUESTS.workerList)
  list(): Page<WorkerV1> {
    return { items: this.workers.list(), nextCursor: null };
  }
}
