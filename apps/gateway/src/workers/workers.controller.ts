import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Page, PageRequest, WorkerV1 } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { ApiPageAnswer } from '../docs/api-lists';
import { Caller } from '../http/request-context';
import { ListQuery } from '../input/list-query';
import { WorkersClient } from './workers.client';

@ApiTags('workers')
@Controller('v1/workers')
export class WorkersController {
  constructor(private readonly workers: WorkersClient) {}

  @Get()
  @ApiOperation({
    summary: 'List the live workers',
    description: 'A worker that has said nothing for 1.5 s is not among them.',
  })
  @ApiPageAnswer('Worker', { filters: {}, sorts: [] })
  list(@Caller() ctx: RequestContext, @ListQuery() page: PageRequest): Promise<Page<WorkerV1>> {
    return this.workers.list(ctx, page);
  }
}
