// The model server of the benchmark: it costs a fraction of what it serves, so that it does not become what is measured. It
// answers with the nonce of each prompt, whole or streamed as it is asked. Prints one JSON line {port}; `PUT /delay` with a
// JSON number sets the milliseconds before each answer from then on, `PUT /pace` those between the words of one that is
// streamed. Ends when its input closes or on SIGTERM.
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { HttpMessages, type HttpMessage } from '../load/http-messages';
import { answerTo } from './scripted-answer';

const DONE = 'HTTP/1.1 204 No Content\r\n\r\n';
/** Where one word of a streamed answer ends. */
const NEXT_WORD = /(?<=\n\n\r\n)/;
let delayMs = 0;
let paceMs = 0;

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
  } else if (head.startsWith('PUT /pace ')) {
    paceMs = Number(body);
    socket.write(DONE);
  } else if (delayMs === 0) {
    write(socket, answerTo(body));
  } else {
    setTimeout(() => write(socket, answerTo(body)), delayMs);
  }
}

function write(socket: Socket, answer: string): void {
  if (paceMs === 0) socket.write(answer, 'latin1');
  else writeWords(socket, answer.split(NEXT_WORD));
}

function writeWords(socket: Socket, [word, ...rest]: string[]): void {
  if (word === undefined || socket.destroyed) return;
  socket.write(word, 'latin1');
  setTimeout(() => writeWords(socket, rest), paceMs);
}
