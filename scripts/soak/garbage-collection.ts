import { readFileSync } from 'node:fs';
import type { SupervisedChild } from '@dspy-nest/embedded';

/** Has a Node process listen to its debugger, on any free port; it writes the address to its log. */
export const DEBUGGER_OPTION = '--inspect=127.0.0.1:0';

const ADDRESS = /^Debugger listening on (ws:\/\/127\.0\.0\.1:\d+\/\S+)$/gm;
const ANSWER_MS = 10_000;

/**
 * Has a Node process that was started with DEBUGGER_OPTION collect its garbage. Between two full collections, which are
 * minutes apart, its memory grows by whatever it likes: only what is left after one tells of a leak. Rejects with an Error
 * when the process has no debugger or does not answer: the figures would then mean nothing.
 */
export async function collectGarbage({ name, logFile }: SupervisedChild): Promise<void> {
  const address = debuggerAddress(readFileSync(logFile, 'utf8'));
  if (address === undefined) throw new Error(`${name} has no debugger; start it with ${DEBUGGER_OPTION}.`);
  const socket = new WebSocket(address);
  try {
    await opened(socket);
    socket.send(JSON.stringify({ id: 1, method: 'HeapProfiler.collectGarbage' }));
    await answered(socket);
  } catch (cause) {
    throw new Error(`The debugger of ${name} did not collect its garbage.`, { cause });
  } finally {
    socket.close();
  }
}

/** Where the debugger of the process listens that wrote this log last; undefined when it has none. */
export function debuggerAddress(log: string): string | undefined {
  return [...log.matchAll(ADDRESS)].at(-1)?.[1];
}

function opened(socket: WebSocket): Promise<void> {
  return untilEvent(socket, 'open', () => true);
}

function answered(socket: WebSocket): Promise<void> {
  return untilEvent(socket, 'message', (event) => {
    const { id } = JSON.parse(String((event as MessageEvent).data)) as { id?: number };
    return id === 1;
  });
}

function untilEvent(socket: WebSocket, type: string, isIt: (event: Event) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`No ${type} within ${ANSWER_MS} ms.`)), ANSWER_MS);
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      settle();
    };
    socket.addEventListener(type, (event) => isIt(event) && end(resolve));
    socket.addEventListener('error', () => end(() => reject(new Error('The connection failed.'))));
  });
}
