import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { RequestContext } from '@dspy-nest/platform';
import { ProgramCatalog } from '@dspy-nest/programs';
import type { FastifyReply } from 'fastify';
import { ApiProblems } from '../docs/api-answers';
import { RouteNotFoundError } from '../http/http.errors';
import { Caller } from '../http/request-context';
import { FIXED_FILES, graphiqlFiles, PAGE, START_FILE, startScript, type PageFile } from './graphiql-files';
import { seededTabs } from './seeded-tabs';

/** The editor styles itself inline; scripts and workers come from files of this installation only. */
const HEADERS = {
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
    "frame-ancestors 'none'; base-uri 'none'",
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cache-control': 'no-cache',
};
const TEXT = { schema: { type: 'string' } } as const;

@ApiTags('graphql')
@Controller('graphiql')
export class GraphiqlController {
  private files: ReturnType<typeof graphiqlFiles> | undefined;

  constructor(private readonly catalog: ProgramCatalog) {}

  @Get()
  @ApiOperation({ summary: 'GraphiQL', description: 'A page for people; it works without the internet.' })
  @ApiResponse({ status: 200, description: 'The page.', content: { 'text/html': TEXT } })
  @ApiProblems()
  page(@Res() reply: FastifyReply): void {
    send(reply, PAGE);
  }

  @Get(':file')
  @ApiOperation({
    summary: 'A file of GraphiQL',
    description: '`start.js` opens the tabs that fit the programs there are.',
  })
  @ApiParam({ name: 'file', schema: { type: 'string', enum: [...FIXED_FILES, START_FILE] } })
  @ApiResponse({ status: 200, description: 'The file.', content: { 'text/javascript': TEXT, 'text/css': TEXT } })
  @ApiProblems('not_found')
  async file(
    @Caller() { tenant }: RequestContext,
    @Param('file') name: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (name === START_FILE) return send(reply, startScript(seededTabs(this.catalog.of(tenant))));
    const fixed = FIXED_FILES.find((one) => one === name);
    if (fixed === undefined) throw new RouteNotFoundError(`/graphiql/${name}`);
    this.files ??= graphiqlFiles();
    send(reply, (await this.files)[fixed]);
  }
}

function send(reply: FastifyReply, { type, body }: PageFile): void {
  void reply.headers(HEADERS).type(type).send(body);
}
