import { connect, type Socket } from 'node:net';

const againMs = 50;
const unsureAgainMs = 500;

/**
 * Watches the process that listens at `host:port` by a connection to it: the kernel breaks that the moment in which the
 * process dies. `onChange` is called when it breaks and when it turns out that nobody listens there any more.
 */
export class Watch {
  readonly at: string;
  private readonly onChange: () => void;
  private refused = false;
  private socket: Socket | undefined;
  private retry: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(at: string, onChange: () => void) {
    this.at = at;
    this.onChange = onChange;
    this.connects();
  }

  /** Nobody listens there: the process has ended. One that hangs is still there. */
  get gone(): boolean {
    return this.refused;
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.retry);
    this.socket?.destroy();
  }

  private connects(): void {
    const colon = this.at.lastIndexOf(':');
    const socket = connect(Number(this.at.slice(colon + 1)), this.at.slice(0, colon));
    this.socket = socket;
    let pause = unsureAgainMs;
    socket.on('connect', () => {
      this.refused = false;
      pause = 0;
    });
    socket.on('error', ({ code }: NodeJS.ErrnoException) => {
      this.refused = code === 'ECONNREFUSED';
      if (this.refused) pause = againMs;
    });
    socket.on('close', () => {
      if (this.closed) return;
      this.onChange();
      this.retry = setTimeout(() => this.connects(), pause);
    });
    socket.resume();
  }
}
