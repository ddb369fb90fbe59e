import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { BenchAnswerError } from '../bench.errors';
import { HttpMessages, type HttpMessage } from './http-messages';

interface Waiting {
  readonly resolve: (answer: HttpMessage) => void;
  readonly reject: (reason: Error) => void;
}

/** One connection to a server of this machine, kept open, with one request at a time on it. */
export class HttpConnection {
  private readonly socket: Socket;
  private readonly messages = new HttpMessages();
  private waiting: Waiting | undefined;
  private ended: Error | undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => this.take(bytes));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new BenchAnswerError('The server closed a connection instead of answering.')));
  }

  /** Connects to a port of the loopback interface. */
  static async open(port: number): Promise<HttpConnection> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new HttpConnection(socket);
  }

  /** Sends a whole request; resolves to the whole answer. Rejects when the connection ends before. */
  exchange(request: string): Promise<HttpMessage> {
    return new Promise((resolve, reject) => {
      if (this.ended !== undefined) return reject(this.ended);
      this.waiting = { resolve, reject };
      this.socket.write(request);
    });
  }

  /** Ends the connection. */
  close(): void {
    this.socket.destroy();
  }

  private take(bytes: Buffer): void {
    try {
      for (const message of this.messages.take(bytes)) {
        this.waiting?.resolve(message);
        this.waiting = undefined;
      }
    } catch (error) {
      this.fail(error as Error);
    }
  }

  private fail(reason: Error): void {
    this.ended ??= reason;
    this.waiting?.reject(reason);
    this.waiting = undefined;
  }
}

/** The bytes of a request with a JSON body, or without a body. */
export function requestText(method: string, port: number, path: string, content?: object): string {
  const start = `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n`;
  if (content === undefined) return `${start}\r\n`;
  const body = JSON.stringify(content);
  return `${start}Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
