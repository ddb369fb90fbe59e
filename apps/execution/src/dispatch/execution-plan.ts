import type {
  CallLimits,
  ErrorItem,
  ExecutionCreateV1,
  ExecutionV1,
  LaneName,
  ModelV1,
  ProgramVersionV1,
} from '@dspy-nest/contracts';
import { CACHE_TTL_DEFAULT_S, CALL_LIMITS_DEFAULT, RETRIES_DEFAULT, TIMEOUT_DEFAULT_MS } from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';
import type { Candidate } from './candidate';
import { FALLBACK, mayFallBack } from './fallback';
import { INTERACTIVE_LANE } from './replica';

/** How one execution is run. */
export interface ExecutionPlan {
  readonly adapter: ExecutionV1['adapter'];
  readonly format: ExecutionV1['format'];
  /** Whether it runs natively while no worker lives; `adapter` says whether it does. */
  readonly fallback: boolean;
  readonly lane: LaneName;
  readonly timeoutMs: number;
  readonly limits: CallLimits;
  readonly maxRetries: number;
  /** Whether prompts and completions are kept. */
  readonly record: boolean;
  /** Whether tokens are told as they come. */
  readonly stream: boolean;
  /** How long the answer is kept for equal inputs, in seconds; null where none is kept or given again. */
  readonly cacheTtlS: number | null;
}

/**
 * Decides where and how an execution runs: what the call says goes before what the program says. With `isFleetDead` what may do
 * without a worker runs natively.
 *
 * @throws ValidationFailedError for what the adapter cannot run.
 */
export function planExecution(
  request: Pick<
    ExecutionCreateV1,
    'format' | 'timeoutMs' | 'limits' | 'maxRetries' | 'lane' | 'stream' | 'wait' | 'cache'
  >,
  candidate: Candidate,
  isFleetDead = false,
): ExecutionPlan {
  const { program, model, adapter } = candidate;
  refuseWhatCannotRun(adapter.refusals?.({ ...program, format: request.format ?? program.format }) ?? []);
  const fallback = mayFallBack(request, candidate);
  const lane = request.lane ?? INTERACTIVE_LANE;
  return {
    adapter: adapter.name as ExecutionV1['adapter'],
    format: adapter.format ?? formatFor(request, program, model),
    fallback,
    ...(fallback && isFleetDead && FALLBACK),
    lane,
    timeoutMs: request.timeoutMs ?? program.config.timeoutMs ?? TIMEOUT_DEFAULT_MS,
    limits: { ...CALL_LIMITS_DEFAULT, ...program.config.limits, ...request.limits },
    maxRetries: request.maxRetries ?? program.config.maxRetries ?? RETRIES_DEFAULT,
    record: program.config.record !== 'none',
    // Nobody follows who waits for the answer, or has many rows run.
    stream: request.stream ?? (!request.wait && lane === INTERACTIVE_LANE),
    cacheTtlS: cacheTtl(request.cache, program.config.cache),
  };
}

/** How a model is asked: as the call says, else the program, else the model. */
export function formatFor(
  request: Pick<ExecutionCreateV1, 'format'>,
  program: Pick<ProgramVersionV1, 'format'>,
  model: Pick<ModelV1, 'format'>,
): ExecutionV1['format'] {
  const asked = request.format ?? program.format;
  const format = asked === 'auto' ? model.format : asked;
  return format === 'auto' ? 'chat' : format;
}

function refuseWhatCannotRun(refusals: ErrorItem[]): void {
  if (refusals.length === 0) return;
  throw new ValidationFailedError(refusals.map(({ message }) => message).join(' '), refusals);
}

/** Who asks for a cache of a program that has none gets one of the usual time. */
function cacheTtl(asked: boolean | undefined, ofProgram: ProgramVersionV1['config']['cache']): number | null {
  if (!(asked ?? ofProgram !== undefined)) return null;
  return ofProgram?.ttlSeconds ?? CACHE_TTL_DEFAULT_S;
}
