import { dspyAnswer, type ModelRequest } from '@dspy-nest/testing';

/** Whether a number, written as `N7`, is even or odd. */
export const PARITY_SIGNATURE = 'number: string -> kind: enum["even", "odd"]';

/** The instruction with which the model is right; with any other it takes every number for even. */
export const BETTER = 'Look at the last digit of the number.';

/** What the model proposes, in turn. */
const PROPOSALS = ['Be quick.', 'Think of the number.', BETTER, 'Be kind.'] as const;

/** What cannot be read as a proposal: an optimiser has to say that it came to nothing. */
const UNREADABLE = '[[ ## kind ## ]]\neven';

/** A question of the program for the kind of a number, one for a proposal, or another that an optimiser has. */
export type Question =
  | { readonly about: 'number'; readonly number: number; readonly isTold: boolean }
  | { readonly about: 'proposal'; readonly member: 'new_instruction' | 'proposed_instruction' }
  | { readonly about: 'task'; readonly fields: readonly string[] };

/** The kind of a number. */
export const kindOf = (number: number): 'even' | 'odd' => (number % 2 === 0 ? 'even' : 'odd');

/** What a prompt of DSPy asks for. */
export function questionOf({ body }: Pick<ModelRequest, 'body'>): Question {
  const texts = (body?.messages ?? []).map(({ content }) =>
    typeof content === 'string' ? content : JSON.stringify(content),
  );
  const [first = ''] = texts;
  const last = texts.at(-1) ?? '';
  if (first.includes('[[ ## kind ## ]]')) {
    const number = Number([...last.matchAll(/N(\d+)/g)].at(-1)?.[1]);
    return { about: 'number', number, isTold: first.includes(BETTER) };
  }
  if (texts.join('\n').includes('new_instruction')) return { about: 'proposal', member: 'new_instruction' };
  const wanted = last.slice(last.lastIndexOf('Respond')).matchAll(/\[\[ ## (\w+) ## \]\]/g);
  const fields = [...wanted].map(([, name]) => name!).filter((name) => name !== 'completed');
  if (fields.includes('proposed_instruction')) return { about: 'proposal', member: 'proposed_instruction' };
  return { about: 'task', fields };
}

/** The proposal that is due after so many; the first of an optimiser that reflects cannot be read. */
export function proposalAfter(count: number, { member }: Extract<Question, { about: 'proposal' }>): string {
  if (member === 'new_instruction' && count === 0) return UNREADABLE;
  return PROPOSALS[count % PROPOSALS.length]!;
}

/** Answers a question in the form that the prompt asks for. */
export function answerTo(request: ModelRequest, question: Question, proposal: string): string {
  if (proposal === UNREADABLE) return UNREADABLE;
  return dspyAnswer(outputsFor(question, proposal))(request);
}

function outputsFor(question: Question, proposal: string): Record<string, string> {
  if (question.about === 'number') return { kind: question.isTold ? kindOf(question.number) : 'even' };
  if (question.about === 'proposal') return { [question.member]: proposal };
  return Object.fromEntries(question.fields.map((field) => [field, 'It is about numbers.']));
}
