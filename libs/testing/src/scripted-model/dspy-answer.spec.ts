import { dspyAnswer } from './dspy-answer';
import type { ModelRequest } from './model-reply';

const asking = (content: string, more: object = {}): ModelRequest => ({
  index: 0,
  path: '/v1/chat/completions',
  headers: {},
  body: { messages: [{ role: 'user', content }], ...more },
});
const answer = dspyAnswer({ label: 'positive', score: 0.5 });

describe('dspyAnswer', () => {
  it('answers a prompt in chat form with markers', () => {
    expect(answer(asking('[[ ## text ## ]]\nLovely'))).toBe(
      '[[ ## label ## ]]\npositive\n\n[[ ## score ## ]]\n0.5\n\n[[ ## completed ## ]]\n',
    );
  });

  it('answers a prompt in XML form with elements', () => {
    expect(answer(asking('Write <label>…</label>'))).toBe('<label>\npositive\n</label>\n\n<score>\n0.5\n</score>');
  });

  it.each([
    ['a prompt in JSON form', asking('Answer in JSON')],
    [
      'a structured output, whatever the prompt',
      asking('[[ ## text ## ]]', { response_format: { type: 'json_object' } }),
    ],
  ])('answers %s with JSON', (_what, request) => {
    expect(JSON.parse(answer(request))).toEqual({ label: 'positive', score: 0.5 });
  });
});
