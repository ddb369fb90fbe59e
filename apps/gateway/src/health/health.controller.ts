import { Controller, Get, Header, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { HealthCheck } from '@dspy-nest/contracts';
import { ServiceUnavailableError } from '@dspy-nest/platform';
import type { FastifyReply } from 'fastify';
import { ApiProblems } from '../docs/api-answers';
import { ReadinessService } from './readiness.service';
import { scope } from './scope';
import { SuiteMetricsService } from './suite-metrics.service';

const TEXT = { 'text/plain': { schema: { type: 'string' } } };
const CHECKS = {
  type: 'array',
  items: {
    type: 'object',
    required: ['name', 'healthy', 'message'],
    properties: {
      name: { type: 'string' },
      healthy: { type: 'boolean' },
      message: { type: 'string' },
      remedy: { type: 'string' },
    },
  },
};
const READY = {
  type: 'object',
  required: ['status', 'checks'],
  properties: { status: { type: 'string', enum: ['ready'] }, checks: CHECKS },
};
const NOT_READY = {
  allOf: [{ $ref: '#/components/schemas/Problem' }, { type: 'object', properties: { checks: CHECKS } }],
};

@ApiTags('operations')
@Controller()
export class HealthController {
  constructor(
    private readonly readiness: ReadinessService,
    private readonly suite: SuiteMetricsService,
  ) {}

  @Get('livez')
  @ApiOperation({ summary: 'Whether the gateway runs', description: 'For probes of the process; it asks nobody.' })
  @ApiResponse({
    status: 200,
    description: 'It runs.',
    content: { 'application/json': { schema: { type: 'object' } } },
  })
  @ApiProblems()
  livez(): { status: string } {
    return { status: 'ok' };
  }

  @Get('readyz')
  @ApiOperation({
    summary: 'Whether work is possible, else what is missing and how to mend it',
    description: 'For probes of readiness: database, NATS, Redis, a live worker and the schema.',
  })
  @ApiQuery({
    name: 'scope',
    required: false,
    schema: { type: 'string', enum: ['gateway'] },
    description: '`gateway` judges the gateway alone.',
  })
  @ApiResponse({
    status: 200,
    description: 'All checks are healthy.',
    content: { 'application/json': { schema: READY } },
  })
  @ApiResponse({
    status: 503,
    description: 'A check is not healthy.',
    content: { 'application/problem+json': { schema: NOT_READY } },
  })
  @ApiProblems('validation_failed')
  async readyz(
    @Query('scope', scope) of: 'gateway' | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ status: string; checks: HealthCheck[] }> {
    reply.header('cache-control', 'no-store');
    const checks = await (of === 'gateway' ? this.readiness.checkGateway() : this.readiness.checkAll());
    const unhealthy = checks.filter(({ healthy }) => !healthy);
    if (unhealthy.length > 0) throw new ServiceUnavailableError(summaryOf(unhealthy), { details: { checks } });
    return { status: 'ready', checks };
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @ApiOperation({
    summary: 'Metrics of the whole suite in the text format of Prometheus',
    description: 'Of every replica of every service.',
  })
  @ApiQuery({
    name: 'scope',
    required: false,
    schema: { type: 'string', enum: ['gateway'] },
    description: '`gateway` gives those of the gateway alone.',
  })
  @ApiResponse({ status: 200, description: 'The metrics.', content: TEXT })
  @ApiProblems('validation_failed')
  metrics(@Query('scope', scope) of: 'gateway' | undefined): Promise<string> {
    return of === 'gateway' ? this.suite.ofGateway() : this.suite.ofAll();
  }
}

function summaryOf(unhealthy: HealthCheck[]): string {
  return unhealthy.map(({ message, remedy }) => (remedy === undefined ? message : `${message} ${remedy}`)).join(' ');
}
