import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  AdapterName,
  FormatName,
  LaneName,
  RETRIES_DEFAULT,
  RETRIES_MAX,
  TIMEOUT_DEFAULT_MS,
  TIMEOUT_MAX_MS,
  VERSION_MAX,
  type ExecutionCreateV1,
} from '@dspy-nest/contracts';
import { IsBoolean, IsIn, IsInt, IsObject, Matches, Max, Min, ValidateNested } from 'class-validator';
import { CallLimitsDto } from '../input/call-limits.dto';
import { MayBeAbsent } from '../input/may-be-absent';

const MODEL_NAME = /^[a-z][a-z0-9._-]{0,62}$/;

/** One execution of a program. The inputs are checked against the signature where the program runs. */
export class ExecuteProgramDto {
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'By the names of the input fields of the signature.',
    example: { ticket: 'My card was charged twice' },
  })
  @IsObject()
  inputs: Record<string, unknown>;

  @ApiPropertyOptional({
    pattern: MODEL_NAME.source,
    description: 'The name of a model, instead of that of the program.',
  })
  @MayBeAbsent()
  @Matches(MODEL_NAME, { message: 'must be the name of a model' })
  model?: string;

  @ApiPropertyOptional({ enum: AdapterName.options, description: 'Where to run, instead of where the program says.' })
  @MayBeAbsent()
  @IsIn(AdapterName.options)
  adapter?: ExecutionCreateV1['adapter'];

  @ApiPropertyOptional({
    enum: FormatName.options,
    description: 'How to ask the model, instead of how the program says.',
  })
  @MayBeAbsent()
  @IsIn(FormatName.options)
  format?: ExecutionCreateV1['format'];

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: VERSION_MAX,
    description: 'A version, instead of the published one.',
  })
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(VERSION_MAX)
  version?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: TIMEOUT_MAX_MS,
    default: TIMEOUT_DEFAULT_MS,
    description: 'The total time in milliseconds, instead of that of the program.',
  })
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(TIMEOUT_MAX_MS)
  timeoutMs?: number;

  @ApiPropertyOptional({
    type: CallLimitsDto,
    description: 'Clocks of each model call, instead of those of the program.',
  })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  limits?: CallLimitsDto;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: RETRIES_MAX,
    default: RETRIES_DEFAULT,
    description: 'How often a model may be asked again, instead of as often as the program says.',
  })
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(RETRIES_MAX)
  maxRetries?: number;

  @ApiPropertyOptional({
    enum: LaneName.options,
    default: 'interactive',
    description: 'The queue to wait in; what is interactive goes first.',
  })
  @MayBeAbsent()
  @IsIn(LaneName.options)
  lane?: LaneName;

  @ApiPropertyOptional({
    description:
      'Whether tokens are told as they come. Default: true with `Accept: text/event-stream` or `Prefer: respond-async`, else ' +
      'false, for nobody would follow them; false in the lane `batch`.',
  })
  @MayBeAbsent()
  @IsBoolean()
  stream?: boolean;

  @ApiPropertyOptional({
    type: 'boolean',
    description:
      'true: an answer to equal inputs may be given again, and this one is kept; false: neither. As the program says when absent.',
  })
  @MayBeAbsent()
  @IsBoolean()
  cache?: boolean;
}

/** The same body as a plain type: a parameter typed by the class would be walked and copied by the global pipe. */
export type ExecuteProgram = { [Member in keyof ExecuteProgramDto]: ExecuteProgramDto[Member] };
