import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A wire between two parts, on loopback, that can be cut and mended. */
export class Proxy {
  readonly port: number;
  private readonly server;
  private readonly open = new Set<Socket>();
  private isCut = false;

  private constructor(server: ReturnType<typeof createServer>, to: number) {
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (near) => this.joins(near, to));
  }

  static async to(port: number): Promise<Proxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Proxy(server, port);
  }

  /** Whoever is connected is thrown out, and nobody gets through. */
  cuts(): void {
    this.isCut = true;
    for (const socket of this.open) socket.destroy();
  }

  mends(): void {
    this.isCut = false;
  }

  async ends(): Promise<void> {
    this.cuts();
    this.server.close();
    await once(this.server, 'close');
  }

  private joins(near: Socket, to: number): void {
    if (this.isCut) return void near.destroy();
    const far = connect(to, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.open.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        this.open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }
}
