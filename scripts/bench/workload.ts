/** All sides run this signature. */
export const SIGNATURE = 'question -> answer, confidence: float';

/** What stands around the nonce of a question, which the scripted model gives back. */
export const NONCE_BEGIN = '(ref ';
export const NONCE_END = ')';

/** The question and the answer to it; `{nonce}` is another text in each call, so that no cache and no neighbour can answer. */
export const QUESTION = `What is the capital of France? ${NONCE_BEGIN}{nonce}${NONCE_END}`;
export const ANSWER = 'Paris {nonce}';
export const CONFIDENCE = 0.9;

/** Rest between two paced calls in milliseconds: in the platform, too, DSPy rests between calls. */
export const PAUSE_MS = 2;

/** A name in DSPy's price list, and one that is not: DSPy's own engine looks for it in all of the list at each call. */
export const KNOWN_MODEL = 'gpt-4o-mini';
export const UNKNOWN_MODEL = 'stub';

let calls = 0;

/** A text that no other call of this process has. */
export const nextNonce = (): string => `n${(calls += 1)}`;

/** The question with this nonce. */
export const questionOf = (nonce: string): string => QUESTION.replace('{nonce}', nonce);

/** The one right answer to the question with this nonce. */
export const answerOf = (nonce: string): string => ANSWER.replace('{nonce}', nonce);
