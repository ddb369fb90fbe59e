import { dspyAnswer, type ModelReply, type ModelRequest, ScriptedModelServer } from '@dspy-nest/testing';
import type { Random } from '../load/random';

/** What the programs of the scenarios are made of. */
export const NONCE_SIGNATURE = 'nonce: string -> echo: string, draw: string';

/** How a model can stop answering: before the first byte, in a stream, or in the middle of one whole answer. */
export const HANGS = {
  silent: { hang: true },
  midway: { text: 'one two three four', hang: true, afterTokens: 2 },
  half: { body: '{"choices": [{"index": 0, "message": {"role": "assistant", "content": "one', hang: true },
} as const satisfies Readonly<Record<string, ModelReply>>;

/** A way to stop answering; an input that begins with it meets it. */
export type Hang = keyof typeof HANGS;

/** An input that begins with it is refused. */
const REFUSED = 'refused';
const NONCE = new RegExp(`(?:(${[REFUSED, ...Object.keys(HANGS)].join('|')})-)?key-[0-9a-f]{24}`, 'g');

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
    const { nonce, hang, isRefused } = nonceOf(request);
    if (isRefused) return { status: 400, body: '{"error": {"message": "No."}}' };
    if (hang !== undefined) return HANGS[hang];
    const text = dspyAnswer({ echo: nonce, draw: random.next().toFixed(12) })(request);
    return { text, delayMs: random.between(pace.leastMs, pace.mostMs) } satisfies ModelReply;
  });
  return model;
}

/** What a prompt asks about, and what the model is to do with it. */
interface Asked {
  readonly nonce: string;
  readonly hang: Hang | undefined;
  readonly isRefused: boolean;
}

/** The nonce that a prompt asks about, which is the last in it, and whether the model is to hang over it or refuse it. */
export function nonceOf({ body }: Pick<ModelRequest, 'body'>): Asked {
  const last = [...JSON.stringify(body).matchAll(NONCE)].at(-1);
  const isRefused = last?.[1] === REFUSED;
  return { nonce: last?.[0] ?? '', hang: isRefused ? undefined : (last?.[1] as Hang | undefined), isRefused };
}
