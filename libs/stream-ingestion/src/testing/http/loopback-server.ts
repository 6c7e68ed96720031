import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** A real HTTP server on a free port of the loopback interface, and raw sockets to talk to it. */
export class LoopbackServer {
  readonly server: Server;

  private constructor(server: Server) {
    this.server = server;
  }

  static async start(listener: RequestListener, options: ServerOptions = {}): Promise<LoopbackServer> {
    const server = createServer(options, listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new LoopbackServer(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async connect(): Promise<Socket> {
    const socket = connect(this.port, '127.0.0.1');
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return socket;
  }

  /** Sends these pieces, each in a write of its own, and gives back all that comes until the server closes. */
  async exchange(...pieces: readonly (string | Uint8Array)[]): Promise<string> {
    const socket = await this.connect();
    const answer = readToClose(socket);
    for (const piece of pieces) {
      if (socket.destroyed) break;
      socket.write(piece);
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    return answer;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}

/** Everything that a socket receives until it closes, in Latin-1; a reset is an end, too. */
export async function readToClose(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => undefined);
  if (!socket.closed) await new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return Buffer.concat(chunks).toString('latin1');
}
