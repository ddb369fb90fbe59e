import type { Socket } from 'node:net';

const ANSWER_TIMEOUT_MS = 2_000;

/** Sends `question` and gives what came back as soon as it matches `until`; rejects when the connection ends before. */
export function exchange(socket: Socket, question: string, until: RegExp): Promise<string> {
  return new Promise<string>((resolve, reject) => {
    let received = '';
    const fail = () => reject(new Error('The connection ended without the expected answer'));
    socket.setEncoding('utf8').setTimeout(ANSWER_TIMEOUT_MS, fail);
    socket.on('error', reject).on('close', fail);
    socket.on('data', (chunk: string) => {
      received += chunk;
      if (until.test(received)) resolve(received);
    });
    socket.write(question);
  }).finally(() => socket.destroy());
}
