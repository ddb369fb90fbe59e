import { z } from 'zod';

/** How often and by how much an optimiser may try; what a caller asks for stays within these. */
export const OPTIMIZER_LIMITS = {
  demos: 64,
  rounds: 5,
  candidates: 64,
  trials: 200,
  metricCalls: 100_000,
  reflected: 20,
} as const;

const Labeled = z
  .int()
  .min(0)
  .max(OPTIMIZER_LIMITS.demos)
  .meta({ description: 'Most demos that are taken from the training examples as they are.' });

const bootstrapping = {
  maxBootstrappedDemos: z.int().min(1).max(OPTIMIZER_LIMITS.demos).optional().meta({
    description:
      'Most demos that are made of answers of the program itself to training examples; 4 unless said otherwise.',
  }),
  maxLabeledDemos: Labeled.optional().meta({
    description: 'Most demos in all, filled up with training examples as they are; 16 unless said otherwise.',
  }),
  maxRounds: z.int().min(1).max(OPTIMIZER_LIMITS.rounds).optional().meta({
    description:
      'How often one training example is tried, from the second time at temperature 1; once unless said otherwise.',
  }),
  metricThreshold: z.number().gt(0).max(1).optional().meta({
    description: 'The score from which an answer may become a demo; 1 unless said otherwise.',
  }),
};

/** Settings under these names; any other is answered with those that there are. */
function settings<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const names = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `There is no setting ${issue.keys.join(', ')} of this optimizer; it has ${names}.`
        : undefined,
  });
}

/** Settings of `dspy.LabeledFewShot`. */
export const LabeledFewShotSettings = settings({
  k: z.int().min(1).max(OPTIMIZER_LIMITS.demos).optional().meta({
    description: 'How many training examples become demos, drawn by the seed; 16 unless said otherwise.',
  }),
}).meta({ id: 'LabeledFewShotSettings' });

/** Settings of `dspy.BootstrapFewShot`. */
export const BootstrapFewShotSettings = settings(bootstrapping).meta({ id: 'BootstrapFewShotSettings' });

/** Settings of `dspy.BootstrapFewShotWithRandomSearch`. */
export const RandomSearchSettings = settings({
  ...bootstrapping,
  numCandidates: z.int().min(1).max(OPTIMIZER_LIMITS.candidates).optional().meta({
    description: 'Random sets of demos that are tried beside two fixed ones; 16 unless said otherwise.',
  }),
  stopAtScore: z.number().gt(0).max(1).optional().meta({
    description: 'The score on validation that is good enough to try no further.',
  }),
}).meta({ id: 'RandomSearchSettings' });

/** Settings of `dspy.MIPROv2`. */
export const MIPROv2Settings = settings({
  numCandidates: z.int().min(2).max(OPTIMIZER_LIMITS.candidates).optional().meta({
    description:
      'Instructions, and sets of demos, that are combined, with those of the program as it is; 6 unless said otherwise.',
  }),
  numTrials: z.int().min(1).max(OPTIMIZER_LIMITS.trials).optional().meta({
    description: 'Combinations that are tried, each on all validation examples; 12 unless said otherwise.',
  }),
  maxBootstrappedDemos: z.int().min(0).max(OPTIMIZER_LIMITS.demos).optional().meta({
    description:
      'Most demos that are made of answers of the program itself; 4 unless said otherwise. With 0 for both kinds only instructions are sought.',
  }),
  maxLabeledDemos: Labeled.optional().meta({
    description: 'Most demos that are training examples as they are; 4 unless said otherwise.',
  }),
  metricThreshold: bootstrapping.metricThreshold,
  initTemperature: z.number().min(0).max(2).optional().meta({
    description: 'The temperature at which instructions are proposed; 1 unless said otherwise.',
  }),
}).meta({ id: 'MIPROv2Settings' });

/** Settings of `dspy.GEPA`. */
export const GEPASettings = settings({
  maxMetricCalls: z.int().min(1).max(OPTIMIZER_LIMITS.metricCalls).optional().meta({
    description:
      'Answers that are scored in all, those for the program as it is among them; 400 unless said otherwise.',
  }),
  reflectionMinibatchSize: z.int().min(1).max(OPTIMIZER_LIMITS.reflected).optional().meta({
    description: 'Training examples whose answers one reflection looks at; 3 unless said otherwise.',
  }),
  candidateSelection: z.enum(['pareto', 'current_best']).optional().meta({
    description:
      'Which candidate is changed next: one that is best at some example, or the best; pareto unless said otherwise.',
  }),
  useMerge: z.boolean().optional().meta({
    description: 'Whether parts of two good candidates are put together; true unless said otherwise.',
  }),
}).meta({ id: 'GEPASettings' });

/** An optimiser of DSPy and what it is told. */
export const OptimizerV1 = z
  .discriminatedUnion('name', [
    z
      .strictObject({ name: z.literal('LabeledFewShot'), settings: LabeledFewShotSettings })
      .meta({ id: 'LabeledFewShot' }),
    z
      .strictObject({ name: z.literal('BootstrapFewShot'), settings: BootstrapFewShotSettings })
      .meta({ id: 'BootstrapFewShot' }),
    z
      .strictObject({ name: z.literal('BootstrapFewShotWithRandomSearch'), settings: RandomSearchSettings })
      .meta({ id: 'BootstrapFewShotWithRandomSearch' }),
    z.strictObject({ name: z.literal('MIPROv2'), settings: MIPROv2Settings }).meta({ id: 'MIPROv2' }),
    z.strictObject({ name: z.literal('GEPA'), settings: GEPASettings }).meta({ id: 'GEPA' }),
  ])
  .meta({ id: 'OptimizerV1' });
export type OptimizerV1 = z.infer<typeof OptimizerV1>;
