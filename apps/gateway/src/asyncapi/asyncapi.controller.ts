import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../docs/api-answers';

/** What `/asyncapi.json` answers. */
export const ASYNCAPI_DOCUMENT = Symbol('AsyncAPI document');

@ApiTags('operations')
@Controller('asyncapi.json')
export class AsyncApiController {
  constructor(@Inject(ASYNCAPI_DOCUMENT) private readonly document: object) {}

  @Get()
  @ApiOperation({
    summary: 'What other teams can read and ask by NATS',
    description: 'The public events, and the request that executes a program.',
  })
  @ApiResponse({
    status: 200,
    description: 'AsyncAPI 3.0.',
    content: { 'application/json': { schema: { type: 'object' } } },
  })
  @ApiProblems()
  read(): object {
    return this.document;
  }
}
