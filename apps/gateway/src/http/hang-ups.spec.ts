import { once } from 'node:events';
import { Socket } from 'node:net';
import { HangUps } from './hang-ups';

async function close(socket: Socket): Promise<void> {
  const closed = once(socket, 'close');
  socket.destroy();
  await closed;
}

describe('HangUps', () => {
  it('tells everybody who still waits on the connection, once', async () => {
    const [hangUps, socket, told] = [new HangUps(), new Socket(), [] as string[]];
    hangUps.watch(socket, () => told.push('first'));
    const answered = hangUps.watch(socket, () => told.push('answered'));
    hangUps.watch(socket, () => told.push('third'));
    answered();
    await close(socket);
    socket.emit('close');
    expect(told).toEqual(['first', 'third']);
  });

  it('tells nobody of another connection', async () => {
    const [hangUps, socket, told] = [new HangUps(), new Socket(), [] as string[]];
    hangUps.watch(new Socket(), () => told.push('other'));
    await close(socket);
    expect(told).toEqual([]);
  });

  it('tells at once when the client has already gone', async () => {
    const [hangUps, socket, told] = [new HangUps(), new Socket(), [] as string[]];
    await close(socket);
    hangUps.watch(socket, () => told.push('gone'));
    expect(told).toEqual(['gone']);
  });

  it('listens to a connection once, however many requests it carries', () => {
    const [hangUps, socket] = [new HangUps(), new Socket()];
    for (let request = 0; request < 100; request += 1) hangUps.watch(socket, () => undefined)();
    expect(socket.listenerCount('close')).toBe(1);
  });
});
