import { HttpMessages } from '../load/http-messages';
import { answerOf, questionOf } from '../workload';
import { answerTo } from './scripted-answer';

const ask = (more: object, content = `[[ ## question ## ]] ${questionOf('n42')}`) =>
  answerTo(JSON.stringify({ model: 'tiny', messages: [{ role: 'user', content }], ...more }));
const bodyOf = (bytes: string) => new HttpMessages().take(Buffer.from(bytes, 'latin1'))[0]?.body ?? '';

interface Chunk {
  readonly model: string;
  readonly choices: readonly { readonly delta: { readonly content?: string }; readonly finish_reason: string | null }[];
  readonly usage?: object;
}

describe('the scripted answer', () => {
  const text = `[[ ## answer ## ]]\n${answerOf('n42')}\n\n[[ ## confidence ## ]]\n0.9\n\n[[ ## completed ## ]]`;

  it('is whole, with the nonce of the question and the model asked for', () => {
    expect(JSON.parse(bodyOf(ask({})))).toMatchObject({
      model: 'tiny',
      choices: [{ message: { content: text }, finish_reason: 'stop' }],
      usage: { total_tokens: 210 },
    });
  });

  it('is JSON to a prompt without markers', () => {
    const content = JSON.stringify({ answer: answerOf('n42'), confidence: 0.9 });
    expect(JSON.parse(bodyOf(ask({}, questionOf('n42'))))).toMatchObject({ choices: [{ message: { content } }] });
  });

  it('is the same text when it is streamed, in chunks that say their length', () => {
    const framed = bodyOf(ask({ stream: true }));
    const chunks: string[] = [];
    for (let at = 0; at < framed.length;) {
      const lengthEnd = framed.indexOf('\r\n', at);
      const length = Number.parseInt(framed.slice(at, lengthEnd), 16);
      chunks.push(framed.slice(lengthEnd + 2, lengthEnd + 2 + length));
      at = lengthEnd + 2 + length + 2;
    }
    expect(chunks.slice(-2)).toEqual(['data: [DONE]\n\n', '']);
    const events = chunks.slice(0, -2).map((chunk) => JSON.parse(chunk.replace(/^data: /, '')) as Chunk);
    expect(events.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe(text);
    expect(events.at(-2)?.choices[0]?.finish_reason).toBe('stop');
    expect(events.at(-1)).toMatchObject({ model: 'tiny', choices: [], usage: { total_tokens: 210 } });
  });

  it('takes the last nonce: a prompt may hold earlier turns', () => {
    expect(ask({}, `${questionOf('n1')} ${questionOf('n2')}`)).toContain(answerOf('n2'));
  });

  it('refuses a prompt without a nonce', () => {
    expect(ask({}, 'Hello')).toMatch(/^HTTP\/1.1 400 /);
  });
});
