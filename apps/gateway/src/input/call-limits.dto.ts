import { ApiPropertyOptional } from '@nestjs/swagger';
import { CALL_LIMITS_DEFAULT, TIMEOUT_MAX_MS, type CallLimits } from '@dspy-nest/contracts';
import { IsInt, Max, Min } from 'class-validator';
import { MayBeAbsent } from './may-be-absent';

const clock = (name: keyof CallLimits, description: string) =>
  ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: TIMEOUT_MAX_MS,
    default: CALL_LIMITS_DEFAULT[name],
    description,
  });

/** The clocks of one model call, in milliseconds; what is absent is as the program, then as the platform says. */
export class CallLimitsDto {
  @clock('connectMs', 'Until the connection to the model server stands, with TLS.')
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(TIMEOUT_MAX_MS)
  connectMs?: number;

  @clock('firstTokenMs', 'From the sent request to the first token.')
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(TIMEOUT_MAX_MS)
  firstTokenMs?: number;

  @clock('idleMs', 'Between two tokens.')
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(TIMEOUT_MAX_MS)
  idleMs?: number;

  @clock('attemptMs', 'One model call as a whole.')
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(TIMEOUT_MAX_MS)
  attemptMs?: number;
}
