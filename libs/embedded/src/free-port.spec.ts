import { createServer } from 'node:net';
import { ChildStartError } from './errors';
import { findFreePort, startOnPort } from './free-port';

const conflict = () => new ChildStartError('x', 'ended', 'x.log', ['bind: Address already in use']);

describe('startOnPort', () => {
  it('takes the wanted port and does not look for another when it is taken', async () => {
    const tried: number[] = [];
    const start = (port: number) => (tried.push(port), Promise.reject(conflict()));
    await expect(startOnPort(4711, start)).rejects.toThrow(ChildStartError);
    expect(tried).toEqual([4711]);
  });

  it('tries another free port when one was taken in between', async () => {
    const tried: number[] = [];
    const start = (port: number) => (
      tried.push(port),
      tried.length < 3 ? Promise.reject(conflict()) : Promise.resolve(port)
    );
    expect(await startOnPort(undefined, start)).toBe(tried[2]);
    expect(tried).toHaveLength(3);
  });

  it('gives up after five conflicts, and at once for another reason', async () => {
    let starts = 0;
    await expect(startOnPort(undefined, () => ((starts += 1), Promise.reject(conflict())))).rejects.toThrow('in use');
    expect(starts).toBe(5);
    await expect(startOnPort(undefined, () => ((starts += 1), Promise.reject(new Error('no disk'))))).rejects.toThrow(
      'no disk',
    );
    expect(starts).toBe(6);
  });
});

describe('findFreePort', () => {
  it('gives a port that can be bound', async () => {
    const port = await findFreePort();
    const server = createServer();
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
    await new Promise((resolve) => server.close(resolve));
    expect(port).toBeGreaterThan(1023);
  });
});
