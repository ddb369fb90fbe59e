import { z } from 'zod';
import { OpenObject, FormatName, ProgramName, Timestamp, Uuid, Version } from './primitives';
import { OptimizerV1 } from './optimizer.v1';
import { ProgramState } from './program-state.v1';
import { CallLimits, MaxRetries } from './time-limits';
import { Usage } from './execution.v1';
import { WireError } from './wire-error';

/** Most examples of a split that a run is given, and what else a run is kept within. */
export const OPTIMIZATION_LIMITS = { examples: 20_000, threads: 32, messageChars: 2_000, reported: 1_000 } as const;

const Count = z.int().min(0);
const Score = z.number().min(0).max(1);
const ofRun = {
  optimizationId: Uuid,
  epoch: z.int().min(1).meta({ description: 'How often the run was dispatched; what an older one tells is void.' }),
};
const ofAttempt = { ...ofRun, attempt: z.int().min(1), worker: z.string().max(200) };

/** The job of one optimisation in its work queue: what is to be done is asked for with it. */
export const OptimizationJobV1 = z.strictObject(ofRun).meta({ id: 'OptimizationJobV1' });
export type OptimizationJobV1 = z.infer<typeof OptimizationJobV1>;

/** One example: the inputs of the program, and the outputs that are right for them. */
export const OptimizationExample = z
  .strictObject({ inputs: OpenObject, outputs: OpenObject })
  .meta({ id: 'OptimizationExample' });
export type OptimizationExample = z.infer<typeof OptimizationExample>;

const Examples = z.array(OptimizationExample).min(1).max(OPTIMIZATION_LIMITS.examples);

/** What a worker needs to run an optimisation. Test examples are not part of it. */
export const OptimizationTaskV1 = z
  .strictObject({
    ...ofRun,
    programId: Uuid,
    program: ProgramName,
    version: Version,
    programHash: z.string().regex(/^[0-9a-f]{64}$/),
    modelId: Uuid,
    modelVersion: Version,
    format: FormatName,
    optimizer: OptimizerV1,
    metric: OpenObject.meta({ description: 'The definition of a metric, checked.' }),
    train: Examples,
    validation: Examples,
    seed: z.int().min(0).max(2_147_483_647),
    threads: z.int().min(1).max(OPTIMIZATION_LIMITS.threads).meta({ description: 'Examples that are asked at once.' }),
    limits: CallLimits,
    maxRetries: MaxRetries,
  })
  .meta({ id: 'OptimizationTaskV1' });
export type OptimizationTaskV1 = z.infer<typeof OptimizationTaskV1>;

/** A program that was scored on all validation examples. */
export const OptimizationCandidate = z
  .strictObject({
    trial: z.int().min(1).meta({ description: 'The number of the trial that scored it.' }),
    score: Score,
    state: ProgramState,
  })
  .meta({ id: 'OptimizationCandidate' });
export type OptimizationCandidate = z.infer<typeof OptimizationCandidate>;

/** One evaluation of a candidate that is over, and where the run stands. */
export const OptimizationTrial = z
  .strictObject({
    number: z.int().min(1),
    isFull: z.boolean().meta({
      description: 'Whether all validation examples were asked; only then can a candidate become the best.',
    }),
    score: Score.meta({ description: 'The mean over the examples.' }),
    examples: z.int().min(1),
    bestScore: Score.nullable().meta({ description: 'Of the best until now; null before the first full evaluation.' }),
    planned: z.int().min(1).nullable().meta({ description: 'Trials that the whole run will make, if that is known.' }),
    calls: Count.meta({ description: 'Answers of models until now.' }),
    usage: Usage,
    elapsedMs: z.number().min(0),
  })
  .meta({ id: 'OptimizationTrial' });
export type OptimizationTrial = z.infer<typeof OptimizationTrial>;

/** Something that a run has to say, above all a warning of DSPy. */
export const OptimizationMessage = z
  .strictObject({ at: Timestamp, text: z.string().max(OPTIMIZATION_LIMITS.messageChars) })
  .meta({ id: 'OptimizationMessage' });
export type OptimizationMessage = z.infer<typeof OptimizationMessage>;

/** A worker says that a run goes on, and what is new; what was told before comes again until it was taken. */
export const OptimizationProgressV1 = z
  .strictObject({
    ...ofAttempt,
    trials: z.array(OptimizationTrial).max(OPTIMIZATION_LIMITS.reported),
    messages: z.array(OptimizationMessage).max(OPTIMIZATION_LIMITS.reported),
    best: OptimizationCandidate.nullable().meta({ description: 'If it is another than was told before.' }),
    calls: Count.meta({ description: 'Answers of models until now, also of a trial that is not over.' }),
    usage: Usage,
  })
  .meta({ id: 'OptimizationProgressV1' });
export type OptimizationProgressV1 = z.infer<typeof OptimizationProgressV1>;

/** What a worker is to do with a run: go on, stop with the best until then, or drop it, for nobody wants it any more. */
export const OptimizationOrderV1 = z
  .strictObject({ order: z.enum(['go_on', 'stop', 'drop']) })
  .meta({ id: 'OptimizationOrderV1' });
export type OptimizationOrderV1 = z.infer<typeof OptimizationOrderV1>;

/** There is another order for a run than before: its worker asks for it. */
export const OptimizationOrderedSignalV1 = z
  .strictObject({ optimizationId: Uuid })
  .meta({ id: 'OptimizationOrderedSignalV1' });
export type OptimizationOrderedSignalV1 = z.infer<typeof OptimizationOrderedSignalV1>;

/** The end of a run. */
export const OptimizationOutcomeV1 = z
  .strictObject({
    ...ofAttempt,
    status: z.enum(['succeeded', 'stopped', 'failed']),
    parent: OptimizationCandidate.nullable().meta({ description: 'The program as it was.' }),
    best: OptimizationCandidate.nullable().meta({ description: 'May be the program as it was.' }),
    error: WireError.nullable(),
    usage: Usage,
    calls: Count,
    versions: z.record(z.string(), z.string()).meta({ description: 'Of python, dspy and what else had a part in it.' }),
  })
  .meta({ id: 'OptimizationOutcomeV1' });
export type OptimizationOutcomeV1 = z.infer<typeof OptimizationOutcomeV1>;
