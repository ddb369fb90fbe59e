import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { askInterruption, type Interruption } from './interruption';
import type { Optimization } from './optimization';
import { watchOptimization } from './watch-optimization';

const terminal = (): PassThrough & { isTTY: boolean } => Object.assign(new PassThrough(), { isTTY: true });

describe('the question of who breaks off', () => {
  const answered = (typed: string): Promise<Interruption | undefined> => {
    const input = terminal();
    const asked = askInterruption(input, terminal());
    input.end(typed);
    return asked;
  };

  it.each([
    ['d\n', 'detach'],
    ['s\n', 'stop'],
    [' A \n', 'abort'],
    ['\n', undefined],
    ['stop\n', undefined],
    ['', 'detach'],
    ['\u0003', 'detach'],
  ])('is answered by %j: %s', async (typed, wish) => expect(await answered(typed)).toBe(wish));

  it('is not asked where nobody is', async () => {
    const output = new PassThrough();
    expect(await askInterruption(new PassThrough(), output)).toBe('detach');
    expect(output.readableLength).toBe(0);
  });
});

describe('a watch that is broken off', () => {
  const isOver = (): boolean => ['completed', 'cancelled'].includes(status);
  const ENDS: Readonly<Record<string, string>> = { '/stop': 'completed', '/cancel': 'cancelled' };
  let server: HttpServer;
  let posted: string[];
  let said: string[];
  let status: string;
  beforeEach(async () => {
    [posted, said, status] = [[], [], 'running'];
    server = createServer(({ method, url = '' }, response) => {
      const verb = url.replace('/v1/optimizations/o1', '');
      if (method === 'POST') posted.push(verb);
      if (status === 'judging') {
        if (method === 'POST') [status, response.statusCode] = ['completed', 409];
      } else status = ENDS[verb] ?? status;
      response.end(JSON.stringify({ id: 'o1', status, error: null, finishedAt: isOver() ? 'now' : null }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  /** Watches, and breaks off at each look until all wishes are said. */
  const watched = (...wishes: (Interruption | undefined)[]): Promise<Optimization> => {
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const tell = (): void => void (wishes.length > 0 && process.emit('SIGINT'));
    const ask = (): Promise<Interruption | undefined> => Promise.resolve(wishes.shift());
    return watchOptimization({ url, timeoutMs: 10_000 }, 'o1', { tell, ask, say: (text) => void said.push(text) });
  };

  it('leaves the run as it is', async () => {
    expect(await watched('detach')).toMatchObject({ status: 'running' });
    expect(posted).toEqual([]);
  });

  it('goes on when nothing is wished, and has the run stop with the best', async () => {
    expect(await watched(undefined, 'stop')).toMatchObject({ status: 'completed' });
    expect(posted).toEqual(['/stop']);
  });

  it('says why when it comes too late, and goes on to the end', async () => {
    status = 'judging';
    expect(await watched('stop')).toMatchObject({ status: 'completed' });
    expect([posted, said]).toEqual([['/stop'], ['It has ended meanwhile.']]);
  });

  it('has the run cancelled', async () => {
    await expect(watched('abort')).rejects.toThrow('Optimisation o1 is cancelled.');
    expect(posted).toEqual(['/cancel']);
  });
});
