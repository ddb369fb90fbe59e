import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A way to the server that can be shut; keeps its port. */
export class Door {
  private server: Server | undefined;
  private port = 0;
  private readonly sockets = new Set<Socket>();

  constructor(private readonly serverUrl: string) {}

  /** Opens it; resolves to the URL of the server by this way. */
  async open(): Promise<string> {
    const { hostname, port: target } = new URL(this.serverUrl);
    this.server = createServer((socket) => {
      const onward = connect(Number(target), hostname);
      for (const end of [socket, onward]) this.sockets.add(end.on('error', () => end.destroy()));
      socket.pipe(onward).pipe(socket);
    });
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
    const url = new URL(this.serverUrl);
    url.port = String(this.port);
    return url.href;
  }

  /** Shuts it, cutting off who went through. */
  async close(): Promise<void> {
    const closed = once(this.server!, 'close');
    this.server?.close();
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
    await closed;
  }
}
