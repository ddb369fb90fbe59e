/** What a program's version has settled: how its model is asked. Taken, since clients send it unasked, and told of as ignored. */
export const IGNORED_PARAMETERS: ReadonlySet<string> = new Set([
  'frequency_penalty',
  'max_completion_tokens',
  'max_tokens',
  'metadata',
  'parallel_tool_calls',
  'presence_penalty',
  'prompt_cache_key',
  'prompt_cache_retention',
  'reasoning_effort',
  'safety_identifier',
  'seed',
  'service_tier',
  'stop',
  'store',
  'temperature',
  'top_p',
  'user',
  'verbosity',
]);

interface Refused {
  /** The values that ask for nothing. */
  readonly unless: (value: unknown) => boolean;
  readonly why: string;
}

const never = (): boolean => false;
const isEmpty = (value: unknown): boolean => typeof value === 'object' && Object.keys(value ?? {}).length === 0;
const TOOLS = 'A program asks its model by itself; give it tools where it is written.';
const PROBABILITIES = 'The answer is read from the model and checked; probabilities of its tokens are not kept.';

/** What would change the answer, and cannot be had. */
const REFUSED: Readonly<Record<string, Refused>> = {
  n: { unless: (value) => value === 1, why: 'An execution has one answer: ask again for another.' },
  tools: { unless: isEmpty, why: TOOLS },
  tool_choice: { unless: (value) => value === 'none' || value === 'auto', why: TOOLS },
  functions: { unless: isEmpty, why: TOOLS },
  function_call: { unless: (value) => value === 'none' || value === 'auto', why: TOOLS },
  logprobs: { unless: (value) => value === false, why: PROBABILITIES },
  top_logprobs: { unless: (value) => value === 0, why: PROBABILITIES },
  logit_bias: { unless: isEmpty, why: 'Tokens are the business of the program and its model.' },
  modalities: {
    unless: (value) => JSON.stringify(value) === '["text"]',
    why: 'Answers are text: send ["text"] or leave it out.',
  },
  audio: { unless: never, why: 'Answers are text.' },
  prediction: { unless: never, why: 'Programs take no draft of their answer.' },
  web_search_options: { unless: never, why: 'A program searches where it is written to.' },
};

/** Why a parameter is refused; undefined when it is not. */
export function refusalOf(name: string, value: unknown): string | undefined {
  if (IGNORED_PARAMETERS.has(name)) return undefined;
  const refused = Object.hasOwn(REFUSED, name) ? REFUSED[name] : undefined;
  if (refused === undefined) return `The parameter "${name.slice(0, 100)}" is not known here. Remove it.`;
  return refused.unless(value) ? undefined : `The parameter "${name}" is not served here. ${refused.why}`;
}
