import { eventually } from '../eventually';
import { ScriptedModelServer } from './scripted-model-server';

let model: ScriptedModelServer;

beforeEach(async () => {
  model = await ScriptedModelServer.start();
});
afterEach(() => model.stop());

function ask(body: object | string = {}, path = '/chat/completions', signal?: AbortSignal): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify({ model: 'm', messages: [], ...body });
  return fetch(`${model.url}${path}`, {
    method: 'POST',
    body: text,
    headers: { 'x-probe': 'yes' },
    ...(signal && { signal }),
  });
}

async function events(response: Response): Promise<unknown[]> {
  const lines = (await response.text()).split('\n\n').filter((line) => line !== '');
  expect(lines.at(-1)).toBe('data: [DONE]');
  return lines.slice(0, -1).map((line) => JSON.parse(line.slice('data: '.length)) as unknown);
}

describe('ScriptedModelServer', () => {
  it('answers a chat with a text, its usage and the model asked for', async () => {
    model.reply('Good day to you');
    const messages = [{ role: 'user', content: 'Say hello now' }];
    const answer: unknown = await (await ask({ messages, model: 'tiny' })).json();
    expect(answer).toMatchObject({
      object: 'chat.completion',
      model: 'tiny',
      choices: [{ message: { role: 'assistant', content: 'Good day to you' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
    });
  });

  it('answers a text completion', async () => {
    model.reply({ text: ' blue', finishReason: 'length', usage: { promptTokens: 9, completionTokens: 1 } });
    const answer: unknown = await (await ask({ prompt: 'The sky is' }, '/completions')).json();
    expect(answer).toMatchObject({
      object: 'text_completion',
      choices: [{ text: ' blue', finish_reason: 'length' }],
      usage: { prompt_tokens: 9, completion_tokens: 1, total_tokens: 10 },
    });
  });

  it('streams tokens, the reason of the end, usage and the end', async () => {
    model.reply('one two  three');
    const response = await ask({ stream: true });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const all = (await events(response)) as {
      choices: { delta: { content?: string }; finish_reason: string | null }[];
    }[];
    expect(all.flatMap(({ choices }) => choices.map(({ delta }) => delta.content))).toEqual([
      'one',
      ' two',
      '  three',
      undefined,
    ]);
    expect(all.at(-2)?.choices[0]?.finish_reason).toBe('stop');
    expect(all.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 3 } });
  });

  it('leaves usage out when told so', async () => {
    model.reply({ text: 'a', usage: null });
    expect(await (await ask()).json()).not.toHaveProperty('usage');
    expect(JSON.stringify(await events(await ask({ stream: true })))).not.toContain('usage');
  });

  it('answers with a status and headers', async () => {
    model.reply({ status: 429, headers: { 'retry-after': '2' }, text: 'Slow down' });
    const response = await ask({ stream: true });
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('2');
    expect(await response.json()).toMatchObject({ error: { message: 'Slow down' } });
  });

  it('sends garbage as it is', async () => {
    model.reply({ body: '<html>' });
    expect(await (await ask({ stream: true })).text()).toBe('<html>');
  });

  it('asks a function for each reply, which sees the request', async () => {
    model.reply(({ index, body }) => `${index}: ${String(body?.['seed'])}`);
    const texts = [];
    for (const seed of [7, 8]) texts.push(await (await ask({ seed })).text());
    expect(texts[0]).toContain('"content":"0: 7"');
    expect(texts[1]).toContain('"content":"1: 8"');
  });

  it('shows the failure of a script', async () => {
    model.reply(() => {
      throw new Error('no more replies');
    });
    const response = await ask();
    expect(response.status).toBe(500);
    expect(await response.text()).toContain('no more replies');
  });

  it('records headers and bodies, also of what is no JSON', async () => {
    await ask({ temperature: 0.5 });
    await ask('not JSON');
    expect(model.requests).toMatchObject([
      { index: 0, path: '/v1/chat/completions', headers: { 'x-probe': 'yes' }, body: { temperature: 0.5 } },
      { index: 1, body: null },
    ]);
  });

  it('waits before the first byte, before the first token and between tokens', async () => {
    model.reply({ text: 'a b c', delayMs: 30, firstTokenDelayMs: 40, tokenDelayMs: 20 });
    const start = performance.now();
    const response = await ask({ stream: true });
    const headersMs = performance.now() - start;
    await response.text();
    const wholeMs = performance.now() - start;
    expect(headersMs).toBeGreaterThanOrEqual(29);
    expect(wholeMs).toBeGreaterThanOrEqual(108);
  });

  it('cuts the connection before it answers', async () => {
    model.reply({ cut: true });
    await expect(ask()).rejects.toThrow('fetch failed');
    expect(model.aborted).toBe(0);
  });

  it('cuts a stream after some tokens, which do arrive', async () => {
    model.reply({ text: 'one two three', cut: true, afterTokens: 2 });
    const response = await ask({ stream: true });
    const reader = response.body!.getReader();
    let seen = '';
    const readAll = async (): Promise<void> => {
      for (let part = await reader.read(); !part.done; part = await reader.read())
        seen += Buffer.from(part.value).toString();
    };
    await expect(readAll()).rejects.toThrow('terminated');
    expect(seen).toContain(' two');
    expect(seen).not.toContain('three');
  });

  it.each([
    ['before the answer', {}],
    ['within a stream', { text: 'one two', afterTokens: 1 }],
  ])('hangs %s until the client leaves, and counts that', async (_when, reply) => {
    model.reply({ ...reply, hang: true });
    const leave = new AbortController();
    const answer = ask({ stream: true }, undefined, leave.signal).then((response) => response.text());
    await eventually(() => expect(model.received).toBe(1));
    leave.abort();
    await expect(answer).rejects.toThrow('abort');
    await eventually(() => expect(model.aborted).toBe(1));
  });

  it('counts a client that leaves during a delay', async () => {
    model.reply({ text: 'late', delayMs: 60_000 });
    const leave = new AbortController();
    const answer = ask({}, undefined, leave.signal);
    await eventually(() => expect(model.requests).toHaveLength(1));
    leave.abort();
    await expect(answer).rejects.toThrow('abort');
    await eventually(() => expect(model.aborted).toBe(1));
  });

  it('counts open connections and ends them when it stops', async () => {
    model.reply({ hang: true });
    const answer = ask();
    await eventually(() => expect(model.openConnections).toBe(1));
    await Promise.all([model.stop(), expect(answer).rejects.toThrow('fetch failed')]);
    await eventually(() => expect(model.openConnections).toBe(0));
  });

  it('keeps no more requests than told, but counts them all', async () => {
    const forgetful = await ScriptedModelServer.start({ recordLimit: 1 });
    for (const seed of [1, 2]) {
      await fetch(`${forgetful.url}/chat/completions`, { method: 'POST', body: JSON.stringify({ seed }) });
    }
    expect(forgetful.requests.map(({ body }) => body?.['seed'])).toEqual([2]);
    expect(forgetful.received).toBe(2);
    await forgetful.stop();
  });

  it('lists its model and refuses other routes', async () => {
    expect(await (await fetch(`${model.url}/models`)).json()).toMatchObject({ data: [{ id: 'scripted' }] });
    expect((await ask({}, '/embeddings')).status).toBe(404);
  });
});
