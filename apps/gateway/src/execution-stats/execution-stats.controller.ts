import { applyDecorators, Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags, type ApiQueryOptions } from '@nestjs/swagger';
import { STATS_GROUPS, STATS_INTERVALS, type ExecutionStatsGetV1, type ExecutionStatsV1 } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { ApiAnswer, ApiProblems } from '../docs/api-answers';
import { Caller } from '../http/request-context';
import { VERSION_SCHEMA } from '../input/version-parameter';
import { ExecutionStatsClient } from './execution-stats.client';
import { StatsQuery } from './stats-query';

const INSTANT = { type: 'string', format: 'date-time' } as const;
const PARAMETERS: ApiQueryOptions[] = [
  { name: 'from', schema: INSTANT, description: 'A day before `to`, unless given. At most 92 days.' },
  { name: 'to', schema: INSTANT, description: 'Now, unless given.' },
  {
    name: 'by',
    style: 'form',
    explode: false,
    schema: {
      type: 'array',
      items: { type: 'string', enum: [...STATS_GROUPS] },
      minItems: 1,
      maxItems: STATS_GROUPS.length,
    },
    description:
      'What is told apart, separated by commas; `version` is a version of a program. All in one, unless given.',
  },
  {
    name: 'interval',
    schema: { type: 'string', enum: [...STATS_INTERVALS] },
    description: 'A series, in UTC: by `hour` of at most 31 days, by `five_minutes` of at most 2.',
  },
  {
    name: 'program',
    schema: { type: 'string', pattern: '^[a-z][a-z0-9-]{0,62}$' },
    description: 'Of this program alone.',
  },
  { name: 'version', schema: VERSION_SCHEMA, description: 'Of this version of a program alone.' },
  {
    name: 'model',
    schema: { type: 'string', pattern: '^[a-z][a-z0-9._-]{0,62}$' },
    description: 'Of this model alone.',
  },
];

@ApiTags('executions')
@Controller('v1/execution-stats')
export class ExecutionStatsController {
  constructor(private readonly stats: ExecutionStatsClient) {}

  @Get()
  @ApiOperation({
    summary: 'Count executions',
    description: 'How many ended and how, how long they took, tokens and cost; by program, version, model and time.',
  })
  @applyDecorators(...PARAMETERS.map((parameter) => ApiQuery({ required: false, ...parameter })))
  @ApiAnswer(200, 'ExecutionStats', 'The numbers by time and name; none for a time in which nothing ended.')
  @ApiProblems('validation_failed')
  read(@Caller() ctx: RequestContext, @StatsQuery() asked: ExecutionStatsGetV1): Promise<ExecutionStatsV1> {
    return this.stats.read(ctx, asked);
  }
}
