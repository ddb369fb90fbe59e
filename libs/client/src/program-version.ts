import type { Values } from './execution';

/** A program in one of its versions, as the platform answers it, and the tag that names what was read. */
export interface ProgramVersion {
  id: string;
  name: string;
  version: number;
  description: string | null;
  signature: string;
  signatureVersion: number;
  module: string;
  model: string | null;
  adapter: string;
  format: string;
  config: Values;
  hash: string;
  createdAt: string;
  updatedAt: string;
  /** For `ifMatch`. */
  etag: string;
}

/** What a new version of a program has otherwise; what is not given stays. */
export interface ProgramChange {
  /** The name of a signature, or a definition. */
  signature?: string;
  /** Of a named signature; else the newest. */
  signatureVersion?: number;
  description?: string;
  module?: string;
  /** null is the default model. */
  model?: string | null;
  adapter?: string;
  format?: string;
  /** Replaced as a whole. */
  config?: Values;
  /** null leaves behind what the program has learned. */
  state?: null;
}

/** How to change a program. */
export interface UpdateOptions {
  /** The `etag` of what was read: when somebody has changed it since, nothing is done. */
  ifMatch?: string;
  signal?: AbortSignal;
}
