import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A way to a server that can be cut. */
export class Wire {
  private readonly sockets = new Set<Socket>();
  /** How many connections there were. */
  connections = 0;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async to(url: string): Promise<Wire> {
    const { hostname, port } = new URL(url);
    const server = createServer((near) => wire.join(near, connect(Number(port), hostname)));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const wire = new Wire(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return wire;
  }

  /** Breaks what is open; new connections are let through. */
  cut(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
    this.sockets.clear();
  }

  stop(): void {
    this.cut();
    this.server.close();
  }

  private join(near: Socket, far: Socket): void {
    this.connections += 1;
    for (const socket of [near, far]) this.sockets.add(socket.on('error', () => undefined));
    near.pipe(far).pipe(near);
    near.once('close', () => far.destroy());
    far.once('close', () => near.destroy());
  }
}
