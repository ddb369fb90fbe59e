import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runClosedLoop } from './closed-loop';
import { HttpConnection, requestText } from './http-connection';
import { statusOf, type HttpMessage } from './http-messages';

let server: Server;

async function serve(listener: RequestListener): Promise<number> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const window = (events: string[] = []) => ({
  warmUpMs: 20,
  measuredMs: 100,
  onOpen: () => void events.push('open'),
  onClose: () => void events.push('close'),
});

describe('runClosedLoop', () => {
  it('keeps as many calls in flight as there are callers, and measures only within the window', async () => {
    let inFlight = 0;
    let most = 0;
    let served = 0;
    const port = await serve((_request, response) => {
      most = Math.max(most, (inFlight += 1));
      setTimeout(() => {
        inFlight -= 1;
        served += 1;
        response.end('ok');
      }, 10);
    });
    const events: string[] = [];
    let checked = 0;
    const check = ({ body }: HttpMessage) => void (checked += body === 'ok' ? 1 : 0);
    const nextCall = () => ({ request: requestText('POST', port, '/', {}), check });
    const { latenciesMs, elapsedMs } = await runClosedLoop({ port, concurrency: 4, nextCall }, window(events));
    expect(events).toEqual(['open', 'close']);
    expect(most).toBe(4);
    expect(checked).toBe(served);
    expect(latenciesMs.length).toBeGreaterThan(0);
    expect(latenciesMs.length).toBeLessThan(served);
    expect(Math.min(...latenciesMs)).toBeGreaterThanOrEqual(9);
    expect(elapsedMs).toBeGreaterThanOrEqual(99);
  });

  it('ends at the first wrong answer', async () => {
    const port = await serve((_request, response) => response.writeHead(500).end('no'));
    const check = (answer: HttpMessage) => {
      throw new Error(`wrong: ${statusOf(answer)}`);
    };
    const nextCall = () => ({ request: requestText('GET', port, '/'), check });
    const patient = { ...window(), measuredMs: 60_000 };
    await expect(runClosedLoop({ port, concurrency: 2, nextCall }, patient)).rejects.toThrow('wrong: 500');
  });

  it('fails when the server hangs up', async () => {
    const port = await serve((request) => request.socket.destroy());
    const nextCall = () => ({ request: requestText('GET', port, '/'), check: () => undefined });
    await expect(runClosedLoop({ port, concurrency: 1, nextCall }, window())).rejects.toThrow('closed a connection');
  });
});

describe('HttpConnection', () => {
  it('refuses a request after its end, which would never be answered', async () => {
    const port = await serve((_request, response) => response.setHeader('connection', 'close').end('bye'));
    const connection = await HttpConnection.open(port);
    expect((await connection.exchange(requestText('GET', port, '/'))).body).toBe('bye');
    await expect(connection.exchange(requestText('GET', port, '/'))).rejects.toThrow('closed a connection');
    await expect(connection.exchange(requestText('GET', port, '/'))).rejects.toThrow('closed a connection');
  });
});
