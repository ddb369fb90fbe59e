import { signatureSpec } from '@dspy-nest/testing';
import { judgeInputs, judgeSources } from './judge-inputs';

const JUDGED = signatureSpec('ticket: string -> team: string, urgency: int');
const sources = (inputs: string, given?: Record<string, string>): unknown =>
  judgeSources(signatureSpec(`${inputs} -> score: probability`), JUDGED, given);

describe('what a judge is asked', () => {
  it('is found by its name, or said', () => {
    expect(sources('ticket, team, expected_team, note: string?')).toEqual({
      ticket: 'inputs.ticket',
      team: 'answer.team',
      expected_team: 'expected.team',
    });
    expect(sources('reply, right', { reply: 'answer.team', right: 'expected.team' })).toEqual({
      reply: 'answer.team',
      right: 'expected.team',
    });
  });

  it.each([
    [
      'reply',
      undefined,
      'The judge needs "reply": say in "inputs" which of inputs.ticket, answer.team, expected.team,',
    ],
    ['team', { team: 'answer.nobody' }, '"answer.nobody" for "team" is not in an example;'],
    ['team', { reply: 'answer.team' }, 'The judge has no input "reply"; it has team.'],
  ])('is told where it cannot be: %s %j', (inputs, given, message) => {
    expect(sources(inputs, given)).toEqual([expect.stringContaining(message)]);
  });

  it('are the values of an example in the types of the judge', () => {
    const judge = signatureSpec('reply: string, right: string?, known: string -> score: probability');
    const example = { inputs: { ticket: 'x' }, expected: { team: 'a' }, answer: { team: ['b'], urgency: 3 } };
    const from = { reply: 'answer.team', right: 'expected.urgency', known: 'answer.urgency' };
    expect(judgeInputs(judge, from, example)).toEqual({ reply: '["b"]', known: '3' });
    expect(judgeInputs(judge, { ...from, known: 'expected.urgency' }, example)).toBeUndefined();
  });
});
