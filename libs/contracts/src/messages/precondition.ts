import { z } from 'zod';

/** What a caller may name a request by that it may send again. */
export const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

/** The tag of a resource in one version, as `ETag` has it between the quotes. */
export const entityTag = ({ id, version }: { id: string; version: number }): string => `${id}.${version}`;

/** The tags of which a resource must have one for a change of it to be made. */
export const IfMatch = z.array(z.string().max(200)).max(20).meta({ id: 'IfMatch' });
export type IfMatch = z.infer<typeof IfMatch>;
