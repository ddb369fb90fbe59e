interface Registered {
  readonly name: string;
  readonly signature: string;
  readonly module?: 'ChainOfThought';
}

/** One of every kind of type that the signature language has, so that each stands in the document. */
export const PROGRAMS: readonly Registered[] = [
  { name: 'sentiment', signature: 'review: string "What was written" -> sentiment: enum["positive", "negative"]' },
  { name: 'judge', signature: 'question -> answer: string, confidence: probability', module: 'ChainOfThought' },
  {
    name: 'every-type',
    signature:
      'text: string(minLength=1, maxLength=80), count: int(min=1, max=10), weight: float?, flag: bool = true, day: date?, ' +
      'at: datetime?, home: url?, mail: email?, tags: list[string](maxItems=5), scores: dict[string, float], ' +
      'place: object{ city: string, zip: optional[string] }, kind: enum["a b", "c"], either: int | string, more: json ' +
      '-> answer: string, parts: list[object{ name: string, share: probability }]?',
  },
];

/** Answers that suit the outputs of the programs. */
export const ANSWER = {
  sentiment: 'positive',
  reasoning: 'Because.',
  answer: 'Yes.',
  confidence: 0.9,
  parts: [{ name: 'one', share: 0.5 }],
};

/** Registers the programs. Throws an Error when one is refused. */
export async function registerPrograms(url: string): Promise<void> {
  for (const program of PROGRAMS) {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(program) };
    const response = await fetch(`${url}/v1/programs`, init);
    if (!response.ok) throw new Error(`${program.name} was answered ${response.status}: ${await response.text()}`);
  }
}
