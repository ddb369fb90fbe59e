import { ApiPropertyOptional } from '@nestjs/swagger';
import {
  AUTHOR_MAX_CHARS,
  COMMENT_MAX_CHARS,
  FeedbackSource,
  type FeedbackCreateV1,
  SCORE_NAME_DEFAULT,
} from '@dspy-nest/contracts';
import { IsIn, IsObject, IsString, Length, Matches, ValidateBy } from 'class-validator';
import { MayBeAbsent } from '../input/may-be-absent';

const SCORE_NAME = /^[a-z][a-z0-9-]{0,62}$/;

const isScore = (value: unknown): boolean =>
  typeof value === 'boolean' || (typeof value === 'number' && value >= 0 && value <= 1);

/** What is said of an execution: a score, a comment, a correction, or several of these. */
export class CreateFeedbackDto implements Omit<FeedbackCreateV1, 'executionId'> {
  @ApiPropertyOptional({
    pattern: SCORE_NAME.source,
    default: SCORE_NAME_DEFAULT,
    example: 'helpful',
    description: 'What the score is about.',
  })
  @MayBeAbsent()
  @Matches(SCORE_NAME, { message: 'must be a small letter and then at most 62 small letters, digits and "-"' })
  name?: string;

  @ApiPropertyOptional({
    oneOf: [{ type: 'boolean' }, { type: 'number', minimum: 0, maximum: 1 }],
    example: true,
    description: 'From 0, bad, to 1, good; true is 1 and false 0.',
  })
  @MayBeAbsent()
  @ValidateBy({
    name: 'isScore',
    validator: { validate: isScore, defaultMessage: () => 'must be true, false or a number from 0 to 1' },
  })
  score?: boolean | number;

  @ApiPropertyOptional({ minLength: 1, maxLength: COMMENT_MAX_CHARS })
  @MayBeAbsent()
  @IsString()
  @Length(1, COMMENT_MAX_CHARS)
  comment?: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    example: { team: 'billing' },
    description:
      'The outputs that were wrong, as they should have been, by the types of the signature; those not named were right.',
  })
  @MayBeAbsent()
  @IsObject()
  correction?: Record<string, unknown>;

  @ApiPropertyOptional({ enum: FeedbackSource.options, default: 'human', description: 'Who or what says so.' })
  @MayBeAbsent()
  @IsIn(FeedbackSource.options)
  source?: FeedbackSource;

  @ApiPropertyOptional({ minLength: 1, maxLength: AUTHOR_MAX_CHARS, description: 'The name of who says so.' })
  @MayBeAbsent()
  @IsString()
  @Length(1, AUTHOR_MAX_CHARS)
  author?: string;
}
