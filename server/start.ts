import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { configIn, type Environment } from './environment.ts';
import { web } from './http/app.ts';
import { wire, type Wired } from './wire.ts';

export interface Running {
  readonly url: string;
  readonly wired: Wired;
  /** Ends HTTP, the session with Asterisk and Redis; calls stay on the switch. */
  close(): Promise<void>;
}

/**
 * Starts one controller.
 * Rejects with ConfigErrors for a wrong configuration, and with a sentence when Asterisk cannot be reached.
 */
export async function start(environment: Environment, log: Logger): Promise<Running> {
  const config = configIn(environment);
  const wired = await wire(config, environment, log);
  const { app, close } = web(wired, log);
  const server = createServer(app);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(config.http.port ?? environment.httpPort, config.http.host, resolve);
    });
  } catch (error) {
    await wired.close();
    throw error;
  }
  const { address, port } = server.address() as AddressInfo;
  return {
    url: `http://${address}:${port}`,
    wired,
    async close() {
      close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await wired.close();
    },
  };
}
