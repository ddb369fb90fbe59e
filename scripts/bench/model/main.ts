// The model server of the benchmark: it costs a fraction of what it serves, so that it does not become what is measured. It
// answers with the nonce of each prompt, whole or streamed as it is asked. Prints one JSON line {port}; `PUT /delay` with a
// JSON number sets the milliseconds before each answer from then on. Ends when its input closes or on SIGTERM.
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { HttpMessages, type HttpMessage } from '../load/http-messages';
import { answerTo } from './scripted-answer';

const DONE = 'HTTP/1.1 204 No Content\r\n\r\n';
let delayMs = 0;

void serve();

async function serve(): Promise<void> {
  const server = createServer({ noDelay: true }, (socket) => {
    const messages = new HttpMessages();
    socket.on('data', (bytes: Buffer) => {
      for (const message of messages.take(bytes)) answer(socket, message);
    });
    socket.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`);
  process.once('SIGTERM', () => process.exit());
  process.stdin.on('end', () => process.exit()).resume();
}

function answer(socket: Socket, { head, body }: HttpMessage): void {
  if (head.startsWith('PUT /delay ')) {
    delayMs = Number(body);
    socket.write(DONE);
  } else if (delayMs === 0) {
    socket.write(answerTo(body), 'latin1');
  } else {
    setTimeout(() => socket.write(answerTo(body), 'latin1'), delayMs);
  }
}
