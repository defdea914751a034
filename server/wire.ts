import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Config } from '../config/load.ts';
import { systemClock } from '../kernel/clock.ts';
import type { Dispatcher } from '../routing/dispatcher.ts';
import { RedisSeatStore } from '../routing/redis/seat-store.ts';
import { RedisStaffingStore } from '../routing/redis/staffing-store.ts';
import { promptFor } from '../routing/staffing/counts.ts';
import type { TellPeers } from '../routing/staffing/happenings.ts';
import type { Rules } from '../routing/staffing/nouns.ts';
import { openAriSession } from '../telephony/asterisk/ari/open.ts';
import type { AriSession } from '../telephony/asterisk/ari/session.ts';
import { AsteriskListener, heardEvents, type Invited } from '../telephony/asterisk/listener.ts';
import { qualityOf } from '../telephony/asterisk/quality.ts';
import { SeatLegs } from '../telephony/asterisk/seat-legs.ts';
import { Strays } from '../telephony/asterisk/strays.ts';
import { AsteriskSwitch } from '../telephony/asterisk/switch.ts';
import {
  TrunkWatch,
  watchedEvents,
  type TrunkWatchNeeds,
} from '../telephony/asterisk/trunk-watch.ts';
import { seatsIn, type Calls } from '../telephony/calls.ts';
import { CutOffList } from '../telephony/redis/cut-off.ts';
import { RedisCallStore } from '../telephony/redis/call-store.ts';
import { NewsStream } from '../telephony/redis/news.ts';
import { SwitchMark } from '../telephony/redis/switch-mark.ts';
import type { Environment } from './environment.ts';
import { joinCallsAndRouting } from './join.ts';
import { centreLegs, LineProbe } from './line-probe.ts';
import { appOf, nounsOf, type Nouns } from './nouns.ts';
import { Outlook } from './outlook.ts';
import { Restart } from './restart.ts';
import { rulesOf } from './rules.ts';
import { Staff } from './staff.ts';
import { Subscribers } from './subscribers.ts';

/** The parts put together. */
export interface Wired {
  readonly config: Config;
  readonly environment: Environment;
  readonly nouns: Nouns;
  readonly calls: Calls;
  readonly dispatcher: Dispatcher;
  readonly rules: Rules;
  readonly staff: Staff;
  readonly seatLegs: SeatLegs;
  readonly news: NewsStream;
  readonly cutOff: CutOffList;
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
const redisStartMs = 2_000;

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
  await ready(redis);
  const news = new NewsStream(redis, config.deployment.id);
  const store = new RedisCallStore({
    redis,
    deployment: config.deployment.id,
    patienceMs: redisPatienceMs,
    onTrouble,
  });

  const session = await openAriSession(
    { ...environment.asterisk, app },
    {
      transport: environment.transport,
      events: heardEvents,
      onError: (error) => log.error({ error }, 'ARI'),
    },
  );
  let asteriskUp = true;
  /** Calls and seats are as they were before. */
  let begun = false;

  const theSwitch = new AsteriskSwitch({
    session,
    app,
    sounds: environment.prompts,
    onTrouble,
    onRung: (leg) => calls.ringTaken(leg),
    onLegFailed: (leg) => calls.legFact(leg, { type: 'legGone', leg, cause: 'failed' }),
    onCallerGone: (leg) => calls.legFact(leg, { type: 'legGone', leg, cause: 'goodbye' }),
    onNotAnnounced: (leg, n) => calls.legFact(leg, { type: 'announced', leg, n }),
  });
  const seatLegs = new SeatLegs(session, (seat, up) =>
    dispatcher.happened({ type: 'line', seat, up }),
  );

  const rules = rulesOf(config);
  const subscribers = new Subscribers({
    redisUrl: environment.redisUrl,
    deployment: config.deployment.id,
    subscribers: config.subscribers,
    onTrouble,
  });
  const staff = await Staff.start({
    clock: systemClock,
    rules,
    centres: nouns.centres,
    store: new RedisStaffingStore({
      redis,
      deployment: config.deployment.id,
      patienceMs: redisPatienceMs,
      onTrouble,
    }),
    onNews: (one) => {
      log.info({ code: one.code, by: one.by, about: one.about }, one.words.en);
      changed({ seats: [], all: 'everything' });
    },
    onOrder: (order) => {
      if (order.type === 'tellPeers') {
        if (order.drill && order.event === 'normal') drillOver(order.queues);
        return tell(order, subscribers, config);
      }
      // Those who are asked in see it on their desks and lists; who waits hears it.
      const opened = rules.plans.find(({ id }) => id === order.plan);
      if (!order.drill) promptsChanged(opened?.queues ?? []);
    },
    onTrouble,
  });

  const { calls, dispatcher, promptsChanged, drillOver, seeksStill } = joinCallsAndRouting({
    clock: systemClock,
    config,
    nouns,
    staffing: staff.keeper.staffing,
    theSwitch,
    store,
    lastingLeg: (seat) => seatLegs.of(seat),
    promptFor: (hotline) => promptFor(rules, staff.keeper.state, hotline),
    onSiteNotReached: (site) => staff.siteNotReached(site),
    onFloorChange: (seats, queues) => {
      staff.seatsChanged(seats);
      if (begun) remember(seats);
      if (queues) outlook.queuesChanged();
      changed({ seats, ...(queues ? { all: 'queues' } : {}) });
    },
    onCallChange: ({ call }, happened) => {
      for (const { id, at, told } of happened) {
        news.append({ id, call: call.id, at, code: told.code, words: told.words });
      }
      changed({ seats: seatsIn(call) });
    },
  });
  staff.joins(dispatcher);
  const outlook = new Outlook({ clock: systemClock, rules, dispatcher, keeper: staff.keeper });

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
  const seatStore = new RedisSeatStore({ redis, deployment: config.deployment.id, onTrouble });
  const remember = (seats: readonly string[]) => {
    for (const id of seats) {
      const seat = dispatcher.seat(id);
      if (seat) seatStore.write(seat);
    }
  };
  const cutOff = new CutOffList(redis, config.deployment.id);
  const restart = new Restart({
    clock: systemClock,
    session,
    app,
    nouns,
    host: config.sip.host,
    calls,
    dispatcher,
    theSwitch,
    listener,
    seatLegs,
    places: config.seats,
    callStore: store,
    seatStore,
    switchMark: new SwitchMark(redis, config.deployment.id),
    cutOff,
    seeksStill,
    onInvited: (invited) => arrived(invited, nouns, calls, session),
    onTrouble,
  });
  session.onState((state) => {
    asteriskUp = state === 'up';
    log.warn(`Asterisk is ${state}`);
    changed({ seats: [], all: 'everything' });
    if (asteriskUp) void restart.up();
    else restart.down();
  });
  await restart.begin();
  staff.begins();
  begun = true;
  remember(dispatcher.seats().map(({ id }) => id));
  const lines = new LineProbe({
    clock: systemClock,
    centreLegs: () => centreLegs(calls, nouns),
    qualityOf: (leg) => qualityOf(session, leg),
    onSample: (site, sample) => staff.measured(site, sample),
  });
  const trunksSession = await watchCentres(nouns, app, environment, staff);

  return {
    config,
    environment,
    nouns,
    calls,
    dispatcher,
    rules,
    staff,
    seatLegs,
    news,
    cutOff,
    redis,
    session,
    onChange: (then) => void listeners.push(then),
    asteriskUp: () => asteriskUp,
    async close() {
      outlook.close();
      lines.close();
      strays.close();
      calls.close();
      dispatcher.close();
      await calls.settled();
      await staff.close();
      await subscribers.close();
      await trunksSession?.close();
      await session.close();
      redis.disconnect();
    },
  };
}

/** Whether the trunks of centres are there; null: there is nothing to watch. */
async function watchCentres(
  nouns: Nouns,
  calls: string,
  { asterisk, transport }: Environment,
  staff: Staff,
): Promise<AriSession | null> {
  const ofCentres = new Set(Object.values(nouns.centres).map(({ route }) => route.trunk));
  const trunks = [...ofCentres].filter((name) => (nouns.trunks[name]?.qualifySeconds ?? 0) > 0);
  if (trunks.length === 0) return null;
  const app = `${calls}-trunks`;
  const session = await openAriSession({ ...asterisk, app }, { transport, events: watchedEvents });
  const onReached: TrunkWatchNeeds['onReached'] = (...asked) => staff.trunkReached(...asked);
  await new TrunkWatch({ session, app, trunks, onReached }).begin();
  return session;
}

function arrived(invited: Invited, nouns: Nouns, calls: Calls, session: AriSession): void {
  // She was there already when we began to listen.
  if (calls.ofLeg(invited.caller.leg)) return;
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

/** Queues and seats have changed already. */
function tell(order: TellPeers, subscribers: Subscribers, { deployment }: Config): void {
  const { type: _type, ...notice } = order;
  subscribers.tell(`${deployment.id}-${randomBytes(9).toString('base64url')}`, {
    ...notice,
    deployment: deployment.id,
    at: new Date(systemClock.now()).toISOString(),
    until: new Date(order.until).toISOString(),
  });
}

/** Without Redis it begins all the same, after a little patience. */
async function ready(redis: Redis): Promise<void> {
  const patience = new Promise((resolve) => setTimeout(resolve, redisStartMs).unref());
  await Promise.race([once(redis, 'ready').catch(() => undefined), patience]);
}

/** Readable in logs and on the switch: 12345-0c4h7q2k9x. */
function mintCallId(hotline: string, now: number): string {
  const chance = randomBytes(4).readUInt32BE().toString(36).padStart(7, '0');
  return `${hotline}-${now.toString(36)}${chance.slice(-4)}`;
}
