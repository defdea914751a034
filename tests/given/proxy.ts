import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { alteredBy, type Alters } from './ari-frames.ts';

/** A wire between two parts, on loopback, that can be cut and mended. */
export class Proxy {
  readonly port: number;
  private readonly server;
  private readonly open = new Set<Socket>();
  /** Who has come while nothing got through. */
  private readonly vain = new Set<Socket>();
  private isCut = false;
  private isStill = false;
  private alters: Alters | null = null;
  private says: (data: string) => void = () => undefined;
  private leftToPass = Infinity;

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

  /** Nothing gets through any more, and nobody is told: who is connected stays so, whoever comes is let in and not answered. */
  standsStill(): void {
    this.isStill = true;
    for (const socket of this.open) socket.pause();
  }

  /**
   * What was held back arrives now. Whoever came meanwhile is thrown out: on a line that swallows everything no connection
   * comes about, and nobody's is found at the other end long after he has given it up.
   */
  goesOn(): void {
    this.isStill = false;
    for (const socket of this.vain) socket.destroy();
    for (const socket of this.open) socket.resume();
  }

  /** Nobody listens here any more, as when the far side is dead. */
  async goesAway(): Promise<void> {
    this.cuts();
    this.server.close();
    await once(this.server, 'close');
  }

  async comesBack(): Promise<void> {
    this.mends();
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  /** On connections that come from now on; null: as it is. */
  isAlteredBy(alters: Alters | null): void {
    this.alters = alters;
  }

  /** Resolves when somebody has asked for something that contains this. */
  asked(text: string): Promise<void> {
    return new Promise((resolve) => {
      this.says = (data) => {
        if (data.includes(text)) resolve();
      };
    });
  }

  /** So many bytes of what the far side says still arrive, then everything is cut: in the middle of a message. */
  cutsAfter(bytes: number): void {
    this.leftToPass = bytes;
  }

  async ends(): Promise<void> {
    if (this.server.listening) await this.goesAway();
  }

  private joins(near: Socket, to: number): void {
    if (this.isCut) return void near.destroy();
    if (this.isStill) return this.waitsInVain(near);
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
    }
    near.on('data', (data) => this.says(String(data)));
    near.pipe(far);
    const { alters } = this;
    const passes = (data: Buffer) => this.passes(near, data);
    far.on('data', alters ? alteredBy(alters, passes) : passes);
  }

  private passes(near: Socket, data: Buffer): void {
    if (near.destroyed) return;
    if (data.length <= this.leftToPass) {
      this.leftToPass -= data.length;
      return void near.write(data);
    }
    const rest = data.subarray(0, this.leftToPass);
    this.leftToPass = Infinity;
    this.isCut = true;
    // What was written before still arrives.
    near.end(rest, () => this.cuts());
  }

  private waitsInVain(near: Socket): void {
    for (const all of [this.open, this.vain]) {
      all.add(near);
      near.on('close', () => all.delete(near));
    }
    near.on('error', () => undefined);
    near.pause();
  }
}
