import { z } from 'zod';
import { IfMatch } from './precondition';
import { SignatureName, Timestamp, Uuid, Version } from './primitives';
import { SignatureSpec } from './signature-spec';

/** Creates a signature. The definition is text in the signature language. */
export const SignatureCreateV1 = z
  .strictObject({
    name: SignatureName,
    definition: z.string().min(1).max(20_000),
    instructions: z.string().max(20_000).optional(),
    description: z.string().max(2_000).optional(),
  })
  .meta({ id: 'SignatureCreateV1' });
export type SignatureCreateV1 = z.infer<typeof SignatureCreateV1>;

/** Changes a signature: what is given makes a new version. */
export const SignatureUpdateV1 = SignatureCreateV1.partial()
  .extend({ name: SignatureName, ifMatch: IfMatch.optional() })
  .meta({ id: 'SignatureUpdateV1' });
export type SignatureUpdateV1 = z.infer<typeof SignatureUpdateV1>;

/** Deletes a signature in all its versions. */
export const SignatureDeleteV1 = z
  .strictObject({ name: SignatureName, ifMatch: IfMatch.optional() })
  .meta({ id: 'SignatureDeleteV1' });
export type SignatureDeleteV1 = z.infer<typeof SignatureDeleteV1>;

/** Names one signature, in one version or the newest. */
export const SignatureRefV1 = z
  .strictObject({ name: SignatureName, version: Version.optional() })
  .meta({ id: 'SignatureRefV1' });
export type SignatureRefV1 = z.infer<typeof SignatureRefV1>;

/** A signature with its spec. */
export const SignatureV1 = z
  .strictObject({
    id: Uuid,
    name: SignatureName,
    version: z.int().min(1),
    definition: z.string(),
    hash: z.string(),
    instructions: z.string().optional(),
    description: z.string().nullable(),
    inputs: z.array(z.unknown()),
    outputs: z.array(z.unknown()),
    createdAt: Timestamp,
  })
  .meta({ id: 'SignatureV1' });
export type SignatureV1 = Omit<z.infer<typeof SignatureV1>, 'inputs' | 'outputs'> &
  Pick<z.infer<typeof SignatureSpec>, 'inputs' | 'outputs'>;
