import { changeRules, type ChangeCode } from '@dspy-nest/signature';
import { z } from 'zod';
import { SignatureName, Version } from './primitives';

/** Asks what differs between two versions of a signature; without `to` the newest is compared. */
export const SignatureDiffGetV1 = z
  .strictObject({ name: SignatureName, from: Version, to: Version.optional() })
  .meta({ id: 'SignatureDiffGetV1' });
export type SignatureDiffGetV1 = z.infer<typeof SignatureDiffGetV1>;

/** One difference between two versions of a signature. */
export const SignatureChange = z
  .strictObject({
    pointer: z.string().meta({
      description: 'Where: a pointer into {inputs, outputs} by the names of fields; * stands for every item or value.',
    }),
    code: z.enum(Object.keys(changeRules) as ChangeCode[]).meta({ description: 'The kind of change; stable.' }),
    verdict: z.enum(['compatible', 'breaking']),
    message: z.string(),
    hint: z.string().optional(),
    from: z.unknown().optional().meta({ description: 'Fields and types in the signature language, all else as JSON.' }),
    to: z.unknown().optional(),
  })
  .meta({ id: 'SignatureChange' });

/** Whether those who use one version of a signature can use another as they are, and all that differs. */
export const SignatureDiffV1 = z
  .strictObject({
    verdict: z.enum(['identical', 'compatible', 'breaking']),
    changes: z.array(SignatureChange),
  })
  .meta({ id: 'SignatureDiffV1' });
export type SignatureDiffV1 = z.infer<typeof SignatureDiffV1>;
