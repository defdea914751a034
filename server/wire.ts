import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Config } from '../config/load.ts';
import { systemClock } from '../kernel/clock.ts';
import type { Dispatcher } from '../routing/dispatcher.ts';
import { openAriSession } from '../telephony/asterisk/ari/open.ts';
import type { AriSession } from '../telephony/asterisk/ari/session.ts';
import { AsteriskListener, type Invited } from '../telephony/asterisk/listener.ts';
import { SeatLegs } from '../telephony/asterisk/seat-legs.ts';
import { Strays } from '../telephony/asterisk/strays.ts';
import { AsteriskSwitch } from '../telephony/asterisk/switch.ts';
import { seatsIn, type Calls } from '../telephony/calls.ts';
import { RedisCallStore } from '../telephony/redis/call-store.ts';
import { NewsStream } from '../telephony/redis/news.ts';
import type { Environment } from './environment.ts';
import { joinCallsAndRouting } from './join.ts';
import { appOf, nounsOf, type Nouns } from './nouns.ts';

/** The parts put together. */
export interface Wired {
  readonly config: Config;
  readonly environment: Environment;
  readonly nouns: Nouns;
  readonly calls: Calls;
  readonly dispatcher: Dispatcher;
  readonly seatLegs: SeatLegs;
  readonly news: NewsStream;
  readonly redis: Redis;
  readonly session: AriSession;
  /** Called whenever something that screens show has changed. */
  onChange(listener: (change: Change) => void): void;
  asteriskUp(): boolean;
  close(): Promise<void>;
}

/** Whose screens are no longer true: these seats', and of all seats what they show of the queues or everything. */
export interface Change {
  readonly seats: readonly string[];
  readonly all?: 'queues' | 'everything';
}

/** How long a step waits for Redis before its orders go out all the same. */
const redisPatienceMs = 50;

/** Who listens to whom: the whole way of a call through the folders, on one page. */
export async function wire(config: Config, environment: Environment, log: Logger): Promise<Wired> {
  const nouns = nounsOf(config);
  const app = appOf(config);
  const listeners: ((change: Change) => void)[] = [];
  const changed = (change: Change) => {
    for (const listener of listeners) listener(change);
  };
  const onTrouble = (words: string, detail: Readonly<Record<string, unknown>>) =>
    log.warn(detail, words);

  const redis = new Redis(environment.redisUrl, {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    connectTimeout: 2_000,
    retryStrategy: (times) => Math.min(times * 100, 2_000),
  });
  redis.on('error', (error: Error) => log.warn({ error: error.message }, 'Redis'));
  const news = new NewsStream(redis, config.deployment.id);
  const store = new RedisCallStore({
    redis,
    deployment: config.deployment.id,
    patienceMs: redisPatienceMs,
    onTrouble,
  });

  const session = await openAriSession(
    { ...environment.asterisk, app },
    { transport: environment.transport, onError: (error) => log.error({ error }, 'ARI') },
  );
  let asteriskUp = true;
  session.onState((state) => {
    asteriskUp = state === 'up';
    log.warn(`Asterisk is ${state}`);
    changed({ seats: [], all: 'everything' });
  });

  const theSwitch = new AsteriskSwitch({
    session,
    app,
    sounds: environment.prompts,
    onTrouble,
    onLegFailed: (leg) => calls.legFact(leg, { type: 'legGone', leg, cause: 'failed' }),
  });
  const seatLegs = new SeatLegs(session, (seat, up) =>
    dispatcher.happened({ type: 'line', seat, up }),
  );

  const { calls, dispatcher } = joinCallsAndRouting({
    clock: systemClock,
    config,
    nouns,
    theSwitch,
    store,
    lastingLeg: (seat) => seatLegs.of(seat),
    onFloorChange: (seats, queues) => changed({ seats, ...(queues ? { all: 'queues' } : {}) }),
    onCallChange: ({ call }, happened) => {
      for (const { id, at, told } of happened) {
        news.append({ id, call: call.id, at, code: told.code, words: told.words });
      }
      changed({ seats: seatsIn(call) });
    },
  });

  // What Asterisk tells.
  const strays = new Strays(session, systemClock);
  const listener = new AsteriskListener({
    trunks: nouns.trunks,
    onInvited: (invited) => arrived(invited, nouns, calls, session),
    onFact: (leg, fact) => calls.legFact(leg, fact),
    onWelcomed: (call) => calls.fact(call, { type: 'promptEnded' }),
    onSeatLeg: (seat, leg) => void seatLegs.came(seat, leg),
    onGone: (leg) => {
      strays.over(leg);
      theSwitch.forget(leg);
      seatLegs.gone(leg);
    },
    onLeft: (leg, bridge) => strays.left(leg, bridge, theSwitch.sentAway(leg, bridge)),
    onBridgeGone: (bridge) => theSwitch.forget(bridge),
  });
  session.onEvent((event) => listener.heard(event));

  return {
    config,
    environment,
    nouns,
    calls,
    dispatcher,
    seatLegs,
    news,
    redis,
    session,
    onChange: (then) => void listeners.push(then),
    asteriskUp: () => asteriskUp,
    async close() {
      strays.close();
      calls.close();
      dispatcher.close();
      await calls.settled();
      await session.close();
      redis.disconnect();
    },
  };
}

function arrived(invited: Invited, nouns: Nouns, calls: Calls, session: AriSession): void {
  const hotline = nouns.hotlineOf[invited.dialled];
  if (!hotline) {
    void session.request({
      method: 'DELETE',
      uri: `channels/${invited.caller.leg}`,
      query: { reason_code: 1 },
    });
    return;
  }
  const id = mintCallId(hotline.id, systemClock.now());
  const key = invited.key ?? `${id}-${randomBytes(6).toString('hex')}`;
  const from = invited.caller.passedOnBy[0]?.number;
  const handedOver = from !== undefined && (invited.key !== null || nouns.platforms.has(from));
  const drill = nouns.trunks[invited.caller.trunk]?.drill ?? false;
  calls.arrive({ id, key, hotline, caller: invited.caller, handedOver, drill });
}

/** Readable in logs and on the switch: 12345-0c4h7q2k9x. */
function mintCallId(hotline: string, now: number): string {
  const chance = randomBytes(4).readUInt32BE().toString(36).padStart(7, '0');
  return `${hotline}-${now.toString(36)}${chance.slice(-4)}`;
}
