import { z } from 'zod';
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

/** Creates a program. `signature` is the name of one, or a definition, which then takes the program's name in PascalCase. */
export const ProgramCreateV1 = z
  .strictObject({
    name: ProgramName,
    signature: z.string().min(1).max(20_000),
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
export const ProgramUpdateV1 = ProgramCreateV1.partial().extend({ name: ProgramName }).meta({ id: 'ProgramUpdateV1' });
export type ProgramUpdateV1 = z.infer<typeof ProgramUpdateV1>;

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
