import { dspyAnswer, type ModelReply, type ModelRequest, ScriptedModelServer } from '@dspy-nest/testing';
import type { Random } from '../load/random';

/** What the programs of the scenarios are made of. */
export const NONCE_SIGNATURE = 'nonce: string -> echo: string, draw: string';

/** Inputs that begin so get no answer. */
export const SILENT_PREFIX = 'silent-';

const NONCE = /(silent-)?key-[0-9a-f]{24}/g;

/** How long the model takes, in milliseconds: any time between the two. */
export interface Pace {
  readonly leastMs: number;
  readonly mostMs: number;
}

/**
 * A model that answers with the input it was given, so that a mix-up shows, and with another number each time it is asked,
 * so that two runs of one execution have two outcomes.
 */
export async function startNonceModel(random: Random, pace: Pace): Promise<ScriptedModelServer> {
  const model = await ScriptedModelServer.start({ recordLimit: 0 });
  model.reply((request) => {
    const nonce = nonceOf(request);
    if (nonce.startsWith(SILENT_PREFIX)) return { hang: true };
    const text = dspyAnswer({ echo: nonce, draw: random.next().toFixed(12) })(request);
    return { text, delayMs: random.between(pace.leastMs, pace.mostMs) } satisfies ModelReply;
  });
  return model;
}

/** The nonce that a prompt asks about: the last in it. */
export function nonceOf({ body }: Pick<ModelRequest, 'body'>): string {
  return [...JSON.stringify(body).matchAll(NONCE)].at(-1)?.[0] ?? '';
}
