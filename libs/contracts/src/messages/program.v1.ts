import { z } from 'zod';
import { IfMatch } from './precondition';
import {
  AdapterName,
  FormatName,
  ModelName,
  ModuleName,
  ProgramName,
  SignatureName,
  Timestamp,
  Uuid,
  Version,
} from './primitives';
import { ProgramConfig } from './program-version.v1';
import { SignatureSpec } from './signature-spec';

/**
 * Creates a program. `signature` is the name of one, or a definition, which then takes the program's name in PascalCase;
 * `signatureVersion` is the version of a named one, else the newest.
 */
export const ProgramCreateV1 = z
  .strictObject({
    name: ProgramName,
    signature: z.string().min(1).max(20_000),
    signatureVersion: Version.optional(),
    description: z.string().max(2_000).optional(),
    module: ModuleName.optional(),
    model: ModelName.nullish(),
    adapter: AdapterName.optional(),
    format: FormatName.optional(),
    config: ProgramConfig.optional(),
  })
  .meta({ id: 'ProgramCreateV1' });
export type ProgramCreateV1 = z.infer<typeof ProgramCreateV1>;

/** Changes a program: what is given makes a new version. */
export const ProgramUpdateV1 = ProgramCreateV1.partial()
  .extend({
    name: ProgramName,
    state: z.null().optional().meta({ description: 'null leaves behind what the program has learned.' }),
    ifMatch: IfMatch.optional(),
  })
  .meta({ id: 'ProgramUpdateV1' });
export type ProgramUpdateV1 = z.infer<typeof ProgramUpdateV1>;

/** Makes a version of a program the published one. */
export const ProgramPublishV1 = z
  .strictObject({
    programId: Uuid,
    version: Version,
    instead: Version.optional().meta({ description: 'Publishes only if this is the published version until then.' }),
  })
  .meta({ id: 'ProgramPublishV1' });
export type ProgramPublishV1 = z.infer<typeof ProgramPublishV1>;

/** Deletes a program in all its versions. */
export const ProgramDeleteV1 = z
  .strictObject({ name: ProgramName, ifMatch: IfMatch.optional() })
  .meta({ id: 'ProgramDeleteV1' });
export type ProgramDeleteV1 = z.infer<typeof ProgramDeleteV1>;

/** Names one program, in one version or the published one. */
export const ProgramRefV1 = z
  .strictObject({ name: ProgramName, version: Version.optional() })
  .meta({ id: 'ProgramRefV1' });
export type ProgramRefV1 = z.infer<typeof ProgramRefV1>;

/** A program in one of its versions. */
export const ProgramV1 = z
  .strictObject({
    id: Uuid,
    name: ProgramName,
    version: Version,
    description: z.string().nullable(),
    signature: SignatureName,
    signatureVersion: Version,
    module: ModuleName,
    model: ModelName.nullable(),
    adapter: AdapterName,
    format: FormatName,
    config: ProgramConfig,
    hash: z.string(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .meta({ id: 'ProgramV1' });
export type ProgramV1 = z.infer<typeof ProgramV1>;

/** What callers of a program see of it in its published version: what it takes, what it gives, what it is for. */
export const ProgramInterfaceV1 = z
  .strictObject({
    programId: Uuid,
    name: ProgramName,
    version: Version,
    description: z.string().nullable(),
    module: ModuleName,
    signature: SignatureSpec,
  })
  .meta({ id: 'ProgramInterfaceV1' });
export type ProgramInterfaceV1 = z.infer<typeof ProgramInterfaceV1>;
