import { answerTo, BETTER, proposalAfter, questionOf } from './parity-answer';

const prompt = (...contents: string[]) => ({
  index: 0,
  path: '/v1/chat/completions',
  headers: {},
  body: { messages: contents.map((content) => ({ role: 'user', content })) },
});
const OUTPUTS = 'The outputs are [[ ## kind ## ]]';
const RESPOND = 'Respond with [[ ## proposed_instruction ## ]] and then [[ ## completed ## ]]';

describe('the model that answers better to a better instruction', () => {
  it.each([
    ['takes all numbers for even', OUTPUTS, 'even'],
    ['is right once it is told how', `${OUTPUTS} ${BETTER}`, 'odd'],
  ])('%s', (_what, instruction, kind) => {
    const request = prompt(instruction, 'N8', 'N7');
    const question = questionOf(request);
    expect(question).toMatchObject({ about: 'number', number: 7 });
    expect(answerTo(request, question, '')).toContain(`[[ ## kind ## ]]\n${kind}\n`);
  });

  it('proposes instructions in turn, in the form that is asked for', () => {
    const request = prompt('Propose.', RESPOND);
    const question = questionOf(request);
    expect(question).toEqual({ about: 'proposal', member: 'proposed_instruction' });
    const proposals = [0, 1, 2].map((count) =>
      proposalAfter(count, { about: 'proposal', member: 'proposed_instruction' }),
    );
    expect(proposals).toEqual(['Be quick.', 'Think of the number.', BETTER]);
    expect(answerTo(request, question, BETTER)).toContain(`[[ ## proposed_instruction ## ]]\n${BETTER}\n`);
  });

  it('begins with what cannot be read where it is asked to reflect', () => {
    const request = prompt('Write JSON with the member new_instruction.');
    const question = questionOf(request);
    expect(question).toEqual({ about: 'proposal', member: 'new_instruction' });
    const [first, third] = [0, 2].map((count) =>
      proposalAfter(count, { about: 'proposal', member: 'new_instruction' }),
    );
    expect(answerTo(request, question, first!)).toBe('[[ ## kind ## ]]\neven');
    expect(JSON.parse(answerTo(request, question, third!))).toEqual({ new_instruction: BETTER });
  });

  it('says something of the task where that is asked for', () => {
    const request = prompt('Summarise.', 'Respond with [[ ## summary ## ]] and then [[ ## completed ## ]]');
    expect(questionOf(request)).toEqual({ about: 'task', fields: ['summary'] });
  });
});
