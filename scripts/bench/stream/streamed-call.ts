import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { BenchAnswerError } from '../bench.errors';

const LAST_CHUNK = '\r\n0\r\n\r\n';
const CALL_TIMEOUT_MS = 30_000;

/** A call whose answer is read while it comes in. */
export interface StreamedCall {
  readonly request: string;
  /** What the first token of the answer is known by. */
  readonly firstToken: string;
  /** Throws when the whole answer is wrong. */
  readonly check: (answer: string) => void;
}

/** How long a call took to its first token and to its end, in milliseconds. */
export interface StreamedTimes {
  readonly firstTokenMs: number;
  readonly wholeMs: number;
}

/** One connection to a server of this machine, kept open, with one streamed answer at a time on it. */
export class StreamConnection {
  private readonly socket: Socket;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.setTimeout(CALL_TIMEOUT_MS, () => socket.destroy(new BenchAnswerError('A stream came to a halt.')));
  }

  static async open(port: number): Promise<StreamConnection> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new StreamConnection(socket);
  }

  /** Sends a whole request and reads its chunked answer; throws BenchAnswerError when that is wrong or has no token. */
  async exchange({ request, firstToken, check }: StreamedCall): Promise<StreamedTimes> {
    const startedAtMs = performance.now();
    let [answer, firstTokenMs] = ['', Number.NaN];
    this.socket.write(request);
    while (!answer.endsWith(LAST_CHUNK)) {
      const [bytes] = (await once(this.socket, 'data')) as [Buffer];
      answer += bytes.toString('latin1');
      if (Number.isNaN(firstTokenMs) && answer.includes(firstToken)) firstTokenMs = performance.now() - startedAtMs;
      if (!answer.startsWith('HTTP/1.1 200')) throw new BenchAnswerError(`The answer is no stream: ${answer}`);
    }
    const wholeMs = performance.now() - startedAtMs;
    check(answer);
    if (Number.isNaN(firstTokenMs)) throw new BenchAnswerError(`There is no ${firstToken} in ${answer}`);
    return { firstTokenMs, wholeMs };
  }

  close(): void {
    this.socket.destroy();
  }
}

/** As many callers as `callers`, one call after the other each, for a time; gives the times of the calls that ended in it. */
export async function callFor(
  port: number,
  callers: number,
  nextCall: () => StreamedCall,
  durationMs: number,
): Promise<StreamedTimes[]> {
  const connections = await Promise.all(Array.from({ length: callers }, () => StreamConnection.open(port)));
  const untilMs = performance.now() + durationMs;
  const times: StreamedTimes[] = [];
  const call = async (connection: StreamConnection): Promise<void> => {
    while (performance.now() < untilMs) times.push(await connection.exchange(nextCall()));
  };
  try {
    await Promise.all(connections.map(call));
    return times;
  } finally {
    for (const connection of connections) connection.close();
  }
}
