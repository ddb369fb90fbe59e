import { Body, Controller, Get, Headers, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { ProgramState, ProgramStateImportedV1 } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import type { FastifyReply } from 'fastify';
import { ApiAnswer, ApiProblems, BODY_PROBLEMS } from '../docs/api-answers';
import { AnswersResource, ApiIfMatch, ApiNotModified, ETAG_HEADER } from '../docs/api-resources';
import { etagOf, IfMatchTags, isKnownToCaller } from '../http/entity-tag';
import { MalformedRequestError } from '../http/http.errors';
import { ApiIdempotencyKey, IDEMPOTENCY_PROBLEMS, KeyedCaller } from '../http/idempotency-key';
import { Caller } from '../http/request-context';
import { programName } from '../input/path-names';
import { optionalVersion, VERSION_SCHEMA } from '../input/version-parameter';
import { ProgramStatesClient } from './program-states.client';

@ApiTags('programs')
@Controller('v1/programs')
export class ProgramStatesController {
  constructor(private readonly states: ProgramStatesClient) {}

  @Post(':name/state')
  @ApiIdempotencyKey()
  @ApiIfMatch()
  @ApiOperation({
    summary: 'Import what a program has learned: makes a new version',
    description:
      "The body is the JSON file that DSPy's `program.save` writes. Keys, addresses and headers of models in it are not " +
      'kept; `notes` names what was left out. Pickles and archives are refused unopened.',
  })
  @ApiBody({ schema: { $ref: '#/components/schemas/ProgramState' } })
  @AnswersResource(201, 'ImportedProgramState', 'The program in its new version; `Location` is its state.')
  @ApiProblems('program_not_found', 'version_conflict', 'validation_failed', ...IDEMPOTENCY_PROBLEMS, ...BODY_PROBLEMS)
  async import(
    @KeyedCaller() ctx: RequestContext,
    @Param('name', programName) name: string,
    @IfMatchTags() ifMatch: string[] | undefined,
    @Body() state: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProgramStateImportedV1> {
    if (state === undefined) {
      throw new MalformedRequestError('A state is required: send the file that program.save("state.json") wrote.');
    }
    const imported = await this.states.import(ctx, { name, state: state as ProgramState, ifMatch });
    reply.header('location', `/v1/programs/${name}/state?version=${imported.version}`);
    return imported;
  }

  @Get(':name/state')
  @ApiOperation({
    summary: 'Export what a program has learned',
    description: "The JSON that DSPy's `program.load` reads. Of the published version, unless one is named.",
  })
  @ApiQuery({ name: 'version', required: false, schema: VERSION_SCHEMA })
  @ApiAnswer(200, 'ProgramState', 'The state.', { headers: ETAG_HEADER })
  @ApiNotModified()
  @ApiProblems('program_not_found', 'program_version_not_found', 'program_state_not_found', 'validation_failed')
  async export(
    @Caller() ctx: RequestContext,
    @Param('name', programName) name: string,
    @Query('version', optionalVersion) version: number | undefined,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProgramState | undefined> {
    const found = await this.states.get(ctx, { name, version });
    const etag = etagOf(found);
    reply.header('etag', etag);
    if (!isKnownToCaller(ifNoneMatch, etag)) return found.state;
    reply.code(304);
    return undefined;
  }
}
