import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Config } from '../config/load.ts';
import { systemClock } from '../kernel/clock.ts';
import { configIn, type Environment } from './environment.ts';
import { web } from './http/app.ts';
import { standbyWeb } from './http/standby.ts';
import { Candidate } from './lease/control.ts';
import { couldBeInControl, outOfReach } from './lease/out-of-reach.ts';
import { rehearsal } from './lease/rehearsal.ts';
import { appOf } from './nouns.ts';
import { wire, type Wired } from './wire.ts';

export interface Running {
  readonly url: string;
  readonly wired: Wired;
  /** Resolves, with the reason, when another controller has taken over: this one orders nothing more. */
  readonly over: Promise<string>;
  /** Resolves when this controller reaches no Asterisk and another one does: it is to be closed and begun anew. */
  readonly outOfReach: Promise<void>;
  /** Hands control over, ends HTTP, the session with Asterisk and Redis; calls stay on the switch. */
  close(): Promise<void>;
}

/** Another controller took over while this one was still beginning. */
export class TakenOver extends Error {}

/** The next one is waited for so long before the line to Asterisk goes: meanwhile no answered leg falls. */
const reliefMs = 1_000;

/**
 * Starts one controller, and resolves when it is in control; until then it stands by: its HTTP serves pages and health.
 * Rejects with ConfigErrors for a wrong configuration, with TakenOver, and with a sentence when Asterisk cannot be reached.
 */
export async function start(environment: Environment, log: Logger): Promise<Running> {
  const config = configIn(environment);
  let serves: RequestListener = (_req, res) => void res.writeHead(503).end();
  const server = createServer((req, res) => serves(req, res));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.http.port ?? environment.httpPort, config.http.host, resolve);
  });
  const endHttp = async () => {
    const ended = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await ended;
  };
  const { address, port } = server.address() as AddressInfo;
  const everywhere = address === '0.0.0.0' || address === '::';
  const url = environment.url ?? `http://${environment.httpPublishedAt ?? address}:${port}`;
  const candidate = new Candidate({
    environment,
    deployment: config.deployment.id,
    app: appOf(config),
    url,
    at: `${everywhere ? hostname() : address}:${port}`,
    log,
    onStandby: () => void rehearse(candidate, config, environment, log),
  });
  const standby = standbyWeb(
    environment.pages,
    {
      active: () => candidate.active,
      controllers: () => candidate.controllers.all(),
      origins: () => candidate.controllers.ever(),
      redis: () => candidate.redis.status === 'ready',
      asterisk: () =>
        candidate.beat().then(
          () => true,
          () => false,
        ),
    },
    log,
  );
  serves = standby;
  try {
    const control = await candidate.inControl();
    const { lease, controllers } = control;
    const over = new Promise<string>((resolve) => lease.onOver(resolve));
    const tooLate = over.then((why) => Promise.reject(new TakenOver(why)));
    tooLate.catch(() => undefined);
    const wiring = wire(config, environment, log, control);
    const wired = await Promise.race([wiring, tooLate]).catch(async (error: unknown) => {
      await lease.letGo();
      throw error;
    });
    const { app, close } = web(wired, log);
    serves = app;
    wired.begins();
    const reach = outOfReach({
      clock: systemClock,
      ticks: () => performance.now(),
      reaches: () => wired.nodes.all().some(({ up }) => up),
      others: () => controllers.all().filter((one) => one !== url),
      isBetter: couldBeInControl,
    });
    return {
      url: `http://${address}:${port}`,
      wired,
      over,
      outOfReach: reach.over,
      async close() {
        reach.close();
        candidate.active = controllers.all().find((one) => one !== url) ?? null;
        serves = standby;
        await wired.leaves();
        const relieved = lease.over === null && candidate.active !== null;
        await lease.letGo();
        close();
        await endHttp();
        if (relieved) await Promise.race([lease.relieved, sleep(reliefMs)]);
        await wired.close();
        candidate.close();
      },
    };
  } catch (error) {
    candidate.close();
    await endHttp();
    throw error;
  }
}

/** Puts everything together once without being in control, so that it goes quickly when it must. */
async function rehearse(
  candidate: Candidate,
  config: Config,
  environment: Environment,
  log: Logger,
): Promise<void> {
  const began = performance.now();
  const quiet = log.child({}, { level: 'silent' });
  const { control, ends } = rehearsal(candidate, environment);
  try {
    const wired = await wire({ ...config, subscribers: [] }, environment, quiet, control);
    web(wired, quiet).close();
    if (environment.databaseUrl !== null) await import('./tickets/running.ts');
    await wired.leaves();
    await wired.close();
    log.info({ ms: Math.round(performance.now() - began) }, 'ready to take over');
  } catch (error) {
    log.warn({ err: error }, 'the takeover could not be rehearsed');
  } finally {
    ends();
  }
}
