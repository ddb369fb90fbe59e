import { z } from 'zod';

/** How often and by how much an optimiser may try; what a caller asks for stays within these. */
export const OPTIMIZER_LIMITS = { demos: 64, rounds: 5, candidates: 64 } as const;

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

/** Settings of `dspy.LabeledFewShot`. */
export const LabeledFewShotSettings = z
  .strictObject({
    k: z.int().min(1).max(OPTIMIZER_LIMITS.demos).optional().meta({
      description: 'How many training examples become demos, drawn by the seed; 16 unless said otherwise.',
    }),
  })
  .meta({ id: 'LabeledFewShotSettings' });

/** Settings of `dspy.BootstrapFewShot`. */
export const BootstrapFewShotSettings = z.strictObject(bootstrapping).meta({ id: 'BootstrapFewShotSettings' });

/** Settings of `dspy.BootstrapFewShotWithRandomSearch`. */
export const RandomSearchSettings = z
  .strictObject({
    ...bootstrapping,
    numCandidates: z.int().min(1).max(OPTIMIZER_LIMITS.candidates).optional().meta({
      description: 'Random sets of demos that are tried beside two fixed ones; 16 unless said otherwise.',
    }),
    stopAtScore: z.number().gt(0).max(1).optional().meta({
      description: 'The score on validation that is good enough to try no further.',
    }),
  })
  .meta({ id: 'RandomSearchSettings' });

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
  ])
  .meta({ id: 'OptimizerV1' });
export type OptimizerV1 = z.infer<typeof OptimizerV1>;
