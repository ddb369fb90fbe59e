/** Calls before the measured ones: connections, imports and caches that a first call pays for. */
export const WARM_UP_CALLS = 30;

/** Calls of each measured series. */
export const MEASURED_CALLS = 300;

/** Rest between two paced calls: in the platform, too, DSPy rests between calls. */
export const PAUSE_MS = 2;

/** Both sides run this signature. */
export const SIGNATURE = 'question -> answer, confidence: float';

/** What the scripted model answers at once, whatever it is asked. */
export const OUTPUTS = { answer: 'Paris', confidence: 0.9 };

/** A question of its own for each call, so that no cache can answer. */
export const questionOf = (call: number): string => `What is the capital of France? (${call})`;
