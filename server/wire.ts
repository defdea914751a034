import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Config } from '../config/load.ts';
import { systemClock } from '../kernel/clock.ts';
import { within } from '../kernel/within.ts';
import type { Dispatcher } from '../routing/dispatcher.ts';
import { RedisHash } from '../routing/redis/hash.ts';
import { RedisSeatStore } from '../routing/redis/seat-store.ts';
import { RedisStaffingStore } from '../routing/redis/staffing-store.ts';
import { promptFor } from '../routing/staffing/counts.ts';
import type { Rules } from '../routing/staffing/nouns.ts';
import { planOf } from '../routing/staffing/promises.ts';
import type { Counts } from '../telephony/asterisk/door.ts';
import type { SwitchNode } from '../telephony/asterisk/node.ts';
import { Nodes } from '../telephony/asterisk/nodes.ts';
import type { Call, LegId, SeatId } from '../telephony/call.ts';
import { screensOf, type Calls } from '../telephony/calls.ts';
import { numberShownTo } from '../telephony/identity.ts';
import { isAway, partiesOf } from '../telephony/table/step.ts';
import { CutOffList } from '../telephony/redis/cut-off.ts';
import { RedisCallStore } from '../telephony/redis/call-store.ts';
import { NewsStream } from '../telephony/redis/news.ts';
import { RingsToday } from '../telephony/redis/rings-today.ts';
import { SwitchMark } from '../telephony/redis/switch-mark.ts';
import { AdmissionRates } from './admission-rates.ts';
import { arrived } from './arrived.ts';
import { AutoAnswer } from './auto-answer.ts';
import { Beside } from './beside.ts';
import { secretFor, type Environment } from './environment.ts';
import { DayCounts } from './day-counts.ts';
import { Forcing } from './forcing.ts';
import { joinCallsAndRouting } from './join.ts';
import type { Control } from './lease/control.ts';
import { SeatChecks } from './seat-checks.ts';
import { peerTrunks, TrunkStates } from './targets.ts';
import { centreLegs, LineProbe } from './line-probe.ts';
import { Metrics } from './metrics.ts';
import { Memory, MEMORY } from './memory.ts';
import { appOf, nounsOf, type Nouns } from './nouns.ts';
import { LoopDelay } from './loop-delay.ts';
import { ManagerLog } from './manager-log.ts';
import { Notes } from './notes.ts';
import { Outlook } from './outlook.ts';
import type { Parts } from './readiness.ts';
import { partsEnded, RecentCalls } from './recent-calls.ts';
import type { Recordings } from './recordings/recordings.ts';
import type { Shelf } from './recordings/shelf.ts';
import { ratedNow, Ratings } from './ratings.ts';
import { Records } from './records.ts';
import { Restart } from './restart.ts';
import { rulesOf } from './rules.ts';
import { SeatWitness } from './seat-witness.ts';
import { Shifts } from './shifts.ts';
import { Staff } from './staff.ts';
import { subscribersOf, tellPeers } from './tell-peers.ts';
import type { Tickets } from './tickets/tickets.ts';

/** The parts put together. */
export interface Wired {
  readonly config: Config;
  readonly environment: Environment;
  readonly nouns: Nouns;
  readonly calls: Calls;
  readonly dispatcher: Dispatcher;
  readonly witness: SeatWitness;
  readonly rules: Rules;
  readonly staff: Staff;
  readonly nodes: Nodes;
  readonly news: NewsStream;
  readonly cutOff: CutOffList;
  readonly ringsToday: RingsToday;
  readonly notes: Notes;
  readonly recentCalls: RecentCalls;
  readonly ratings: Ratings;
  readonly managerLog: ManagerLog;
  readonly trunkStates: TrunkStates;
  readonly checks: SeatChecks;
  readonly dayCounts: DayCounts;
  readonly forcing: Forcing;
  readonly shifts: Shifts;
  readonly redis: Redis;
  readonly control: Control;
  readonly metrics: Metrics;
  readonly beside: Beside;
  /** Of this deployment; they begin when it is in control. */
  readonly tickets: Tickets;
  /** Null: nothing is recorded. They begin when it is in control. */
  readonly recordings: Recordings | null;
  /** Where they are kept. */
  readonly shelf: Shelf | null;
  /** In control, and HTTP is open: what takes its time and no call waits for. */
  begins(): void;
  /** A seat has written the note of a call. */
  noted(call: string, by: string): void;
  /** Called whenever something that screens show has changed. */
  onChange(listener: (change: Change) => void): void;
  /** Called whenever tickets have changed: by seat the ids of those that it is to look at again. */
  onTickets(listener: (told: ReadonlyMap<string, readonly string[]>) => void): void;
  /** How the parts are now: what readiness and measurements are made of. */
  parts(): Parts;
  /** What became of those whom the switch offered, since this controller began. */
  admission(): SwitchNode['admission'] & { readonly perSecond: Counts };
  /** What was decided by now beside the calls themselves is in Redis; while that is away or slow nobody waits for it. */
  kept(): Promise<void>;
  /** Decides nothing more, and has written down all that was decided. */
  leaves(): Promise<void>;
  close(): Promise<void>;
}

/** Whose screens are no longer true: these seats', and of all seats what they show of the queues or everything. */
export interface Change {
  readonly seats: readonly string[];
  /** Calls that are no longer as the floor shows them. */
  readonly calls?: readonly string[];
  readonly all?: 'queues' | 'everything';
}

/** How long a step waits for Redis before its orders go out all the same. */
const redisPatienceMs = 50;
/** How long an answer to a person waits for it. */
const keptPatienceMs = 1_000;

/** Who listens to whom: the whole way of a call through the folders, on one page. */
export async function wire(
  config: Config,
  environment: Environment,
  log: Logger,
  control: Control,
): Promise<Wired> {
  const nouns = nounsOf(config);
  const listeners: ((change: Change) => void)[] = [];
  const changed = (change: Change) => {
    for (const listener of listeners) listener(change);
  };
  const onTrouble = (words: string, detail: Readonly<Record<string, unknown>>) =>
    log.warn(detail, words);

  const { redis, lease: writer } = control;
  const metrics = new Metrics();
  const news = new NewsStream(redis, writer, config.deployment.id, async (call) => {
    await calls.written(call);
    await store.catchesUpWith(call);
  });
  const store = new RedisCallStore({
    redis,
    writer,
    deployment: config.deployment.id,
    patienceMs: redisPatienceMs,
    onWrite: (ms, outcome) => metrics.redisWrite(ms, outcome),
    onTrouble,
  });

  const hashes: RedisHash[] = [];
  const hashOf = (name: string): RedisHash => {
    const hash = new RedisHash({
      redis,
      writer,
      deployment: config.deployment.id,
      name,
      onTrouble,
    });
    hashes.push(hash);
    return hash;
  };
  const beside = new Beside();
  const ticketListeners: ((told: ReadonlyMap<string, readonly string[]>) => void)[] = [];
  const records = new Records({
    config,
    environment,
    clock: systemClock,
    beside,
    hashOf,
    opensSession: control.opensSession,
    calls: () => calls,
    nodes: () => nodes,
    onClock: ({ code, key, holder, words }) => {
      log.warn({ code, ticket: key, of: holder.hotline }, words.en);
      const { hotline, deployment } = holder;
      if (deployment !== config.deployment.id) return;
      const seats = config.seats.filter(({ hotlines }) => hotlines.includes(hotline));
      changed({ seats: seats.map(({ id }) => id) });
    },
    onTickets: (told) => {
      for (const listener of ticketListeners) listener(told);
    },
    onRecording: (seats) => changed({ seats }),
    onTrouble,
  });
  const managerLog = new ManagerLog({
    redis,
    writer,
    deployment: config.deployment.id,
    onTrouble,
  });
  const loopDelay = new LoopDelay(systemClock);
  /** Calls and seats are as they were before. */
  let begun = false;
  /** Lasting legs that are hung up because nothing came from them. */
  const silent = new Set<string>();
  const witness = new SeatWitness({
    clock: systemClock,
    onDeskGone: (seat) => {
      for (const node of nodes.all()) void node.looksAfter(seat);
    },
    onGivenUp: (seat) => calls.seatFact(seat, { type: 'seatLost', seat }),
  });
  const nodes = await Nodes.open({
    clock: systemClock,
    addresses: environment.nodes.map((one) => ({ ...one, app: appOf(config) })),
    open: control.opensSession,
    beatOf: control.beatOf,
    sounds: environment.prompts,
    trunks: nouns.trunks,
    admission: {
      limits: {
        perSecond: config.admission.callsPerSecond,
        mostWaiting: config.admission.mostWaiting,
      },
      isEmergency: (dialled) => nouns.hotlineOf[dialled]?.emergency ?? false,
      pressure: () => ({ loopDelayMs: loopDelay.longestMs, waiting: begun ? waiting() : 0 }),
    },
    onInvited: (at, invited) => arrived(at, invited, nouns, calls),
    onFact: (leg, fact) => {
      calls.legFact(leg, fact);
      if (fact.type !== 'legGone') return;
      const how = silent.delete(leg) ? 'silent' : 'goodbye';
      const seat = awaySeat(calls.ofLeg(leg)?.call, leg);
      if (seat !== undefined) witness.isAway(seat, leg, how);
    },
    isInCall: (leg) => begun && calls.ofLeg(leg) !== undefined,
    onSilent: (leg) => void silent.add(leg),
    onWelcomed: (call) => calls.fact(call, { type: 'promptEnded' }),
    onRung: (leg) => {
      calls.ringTaken(leg);
      autoAnswer.rung(leg);
    },
    onLine: (seat, up) => dispatcher.happened({ type: 'line', seat, up }),
    onRequest: (ms, outcome) => metrics.ariRequest(ms, outcome),
    onSeatLeg: (at, seat, leg) => {
      const call = calls.ofSeat(seat)?.call;
      if (!call || nodes.named(call.node) !== at) return;
      witness.isBack(seat);
      calls.seatFact(seat, { type: 'seatBack', seat, leg });
    },
    onUp: (node) => void restart.up(node),
    onDead: (node) => void restart.dead(node),
    onService: () => serviceChanged(),
    onHealth: (node, state) => {
      log.warn(`Asterisk ${node} is ${state}`);
      changed({ seats: [], all: 'everything' });
    },
    onBridgeLost: (at, call) => void restart.bridgeLost(at, call),
    onTrouble,
  });

  const rules = rulesOf(config);
  const subscribers = await subscribersOf(config, environment.redisUrl, onTrouble);
  const staffingStore = new RedisStaffingStore({
    redis,
    writer,
    deployment: config.deployment.id,
    patienceMs: redisPatienceMs,
    onTrouble,
  });
  const staff = await Staff.start({
    clock: systemClock,
    rules,
    centres: nouns.centres,
    store: staffingStore,
    onNews: (one) => {
      log.info({ code: one.code, by: one.by, about: one.about }, one.words.en);
      changed({ seats: [], all: 'everything' });
    },
    onOrder: (order) => {
      if (order.type === 'tellPeers') {
        if (order.drill && order.event === 'normal') drillOver(order.queues);
        return tellPeers(order, subscribers, config.deployment.id, systemClock);
      }
      // Those who are asked in see it on their desks and lists; who waits hears it.
      if (!order.drill) promptsChanged(planOf(rules, order.plan).queues);
    },
    onTrouble,
  });

  const waiting = () =>
    rules.queues.reduce((sum, { queue }) => sum + dispatcher.waiting(queue.hotline).waiting, 0);
  const hotlines = Object.keys(nouns.hotlines);
  const memory = new Memory({ clock: systemClock, hash: hashOf(MEMORY), hotlines, onTrouble });
  const notes = new Notes({ hash: hashOf('notes'), onTrouble });
  const ratings = new Ratings({ hash: hashOf('ratings'), clock: systemClock, onTrouble });
  const recentCalls = new RecentCalls({ hash: hashOf('recent-calls'), onTrouble });
  /** Whose part in it is over lists it; what no list has room for any more is forgotten with its note. */
  const partsAreOver = (before: Call, call: Call) => {
    const until = systemClock.now();
    for (const { seat, ...part } of partsEnded(before, call)) {
      const number = numberShownTo(call, nouns.hotlines[part.hotline]);
      const dropped = recentCalls.add(seat, { call: call.id, number, until, ...part });
      if (dropped !== null && !recentCalls.lists(dropped) && !calls.get(dropped))
        notes.forget(dropped);
    }
  };
  const ringsToday = new RingsToday({
    redis,
    writer,
    deployment: config.deployment.id,
    clock: systemClock,
    secret: secretFor(environment, 'who rang'),
    onTrouble,
  });
  const joined = joinCallsAndRouting({
    clock: systemClock,
    config,
    nouns,
    staffing: staff.keeper.staffing,
    theSwitch: nodes,
    store,
    whereToRing: (call) => nodes.whereToRing(call),
    lastingLeg: (seat, node) => nodes.legOf(seat, node),
    promptFor: (hotline) => promptFor(rules, staff.keeper.state, hotline),
    onSiteNotReached: (site) => staff.siteNotReached(site),
    acquaintances: memory.acquaintances,
    turns: memory.turns,
    onFloorChange: (seats, queues) => {
      staff.seatsChanged(seats);
      if (begun) remember(seats);
      if (queues) outlook.queuesChanged();
      changed({ seats, ...(queues ? { all: 'queues' } : {}) });
      forcing.seatsChanged(seats);
    },
    onCallChange: ({ call }, happened, before) => {
      metrics.changed(call, before, systemClock.now());
      records.callChanged(call, before);
      const rated = ratedNow(call, before);
      if (rated) {
        ratings.add(rated.hotline, rated.score);
        metrics.rated(rated.hotline, rated.score);
      }
      if (before) partsAreOver(before, call);
      else if (!call.drill && call.rungBy === null)
        ringsToday.rang(call.hotline, call.caller.number);
      for (const { id, at, told } of happened) {
        const { code, words, act } = told;
        news.append({ id, call: call.id, at, code, words });
        if (act) {
          const { by, whom: seat } = act;
          managerLog.add({ id, at, by, what: code, words, call: call.id, seat, why: null });
        }
      }
      changed({ seats: screensOf(call), calls: [call.id] });
    },
  });
  const { calls, dispatcher, promptsChanged, drillOver, seeksStill, serviceChanged } = joined;
  staff.joins(dispatcher);
  const checks = new SeatChecks((seat) => changed({ seats: [seat] }));
  const selfAnswering = new Set(config.seats.filter((it) => it.autoAnswer).map(({ id }) => id));
  const autoAnswer = new AutoAnswer({
    clock: systemClock,
    answersItself: (seat) => selfAnswering.has(seat),
    isWell: (seat) => checks.whyNot(seat) === null,
    calls,
    onTrouble,
  });
  const forcing = new Forcing({
    dispatcher,
    hash: hashOf('forced'),
    onTrouble,
    endLine: (seat) => void nodes.endLegs(seat),
  });
  const shifts = new Shifts({
    clock: systemClock,
    now: () => Date.now(),
    dispatcher,
    hash: hashOf('shifts'),
    onOver: (seat) => {
      void nodes.endLegs(seat);
      staff.logInOver(seat);
    },
    onTrouble,
  });
  const rates = new AdmissionRates(systemClock, () => nodes.admission.counts);
  const outlook = new Outlook({
    clock: systemClock,
    rules,
    dispatcher,
    keeper: staff.keeper,
    reckoner: beside,
    onTrouble,
  });

  const seatStore = new RedisSeatStore({ hash: hashOf('seats'), onTrouble });
  const remember = (seats: readonly string[]) => {
    for (const id of seats) {
      const seat = dispatcher.seat(id);
      if (seat) seatStore.write(seat);
    }
  };
  const cutOff = new CutOffList(redis, writer, config.deployment.id);
  const marks = new Map<string, SwitchMark>();
  const switchMarkOf = (name: string): SwitchMark => {
    const mark = marks.get(name) ?? new SwitchMark(redis, writer, config.deployment.id, name);
    marks.set(name, mark);
    return mark;
  };
  const restart = new Restart({
    clock: systemClock,
    nodes,
    nouns,
    host: config.sip.host,
    calls,
    dispatcher,
    places: config.seats,
    callStore: store,
    seatStore,
    switchMark: ({ name }) => switchMarkOf(name),
    cutOff,
    seeksStill,
    onInvited: (at, invited) => arrived(at, invited, nouns, calls),
    onTrouble,
  });
  const outliving = [...[memory, ringsToday, notes, recentCalls, ratings, shifts], ...records.kept];
  const phones = config.seats.filter(({ line }) => line === 'phone').map(({ id }) => id);
  await Promise.all([...outliving.map((one) => one.restores()), nodes.watchesPhones(phones)]);
  await restart.begin();
  await forcing.restores();
  autoAnswer.restores();
  memory.keeps(dispatcher);
  staff.begins();
  begun = true;
  subscribers?.begins();
  const rememberAll = () => remember(dispatcher.seats().map(({ id }) => id));
  rememberAll();
  // What comes back after a fall may be a copy that had not heard of the last steps.
  redis.on('ready', () => writesAgain());
  writer.onLost(() => writesAgain());
  const writesAgain = () => {
    log.warn('Redis may have lost what was written: everything is written once more');
    void store.again(() => calls.all());
    rememberAll();
    staffingStore.again();
    for (const mark of marks.values()) mark.again();
    for (const one of outliving) one.again();
    forcing.again();
    void news.again();
    void cutOff.again().catch(() => undefined);
  };
  const dayCounts = await DayCounts.start({
    clock: systemClock,
    redis,
    writer,
    deployment: config.deployment.id,
    hotlines: config.hotlines.map(({ id }) => id),
    dispatcher,
    onTrouble,
  });
  const lines = new LineProbe({
    clock: systemClock,
    centreLegs: () => centreLegs(calls, nouns),
    qualityOf: (leg) => nodes.qualityOf(leg, calls.ofLeg(leg)?.call),
    onSample: (site, sample) => staff.measured(site, sample),
  });
  const trunkStates = new TrunkStates({
    clock: systemClock,
    trunks: peerTrunks(nouns),
    isReached: (trunk) => nodes.isReached(trunk),
    onChange: () => changed({ seats: [], all: 'queues' }),
  });
  await nodes.watches(centreTrunks(nouns), (...asked) => staff.trunkReached(...asked));

  const keeps = (): Promise<unknown> =>
    Promise.all([managerLog.settled(), ...hashes.map((hash) => hash.settled())]);

  const wired: Wired = {
    config,
    environment,
    nouns,
    calls,
    dispatcher,
    witness,
    rules,
    staff,
    nodes,
    news,
    cutOff,
    ringsToday,
    notes,
    recentCalls,
    ratings,
    noted: (id, by) => {
      const call = calls.get(id)?.call;
      changed({ seats: [by, ...(call ? screensOf(call) : [])], calls: [id] });
    },
    managerLog,
    trunkStates,
    checks,
    dayCounts,
    forcing,
    shifts,
    redis,
    control,
    metrics,
    beside,
    tickets: records.tickets,
    recordings: records.recordings,
    shelf: records.shelf,
    begins: () => records.begins(),
    onChange: (then) => void listeners.push(then),
    onTickets: (then) => void ticketListeners.push(then),
    parts: () => ({
      role: 'active',
      epoch: writer.epoch,
      nodes: nodes.states(),
      redis: redis.status === 'ready',
      unwritten: store.waiting,
      loopDelayMs: loopDelay.longestMs,
      shedding: nodes.admission.sheds,
      tickets: records.tickets.state,
      unrecorded: records.recordings?.now.failing ?? 0,
    }),
    admission: () => ({ ...nodes.admission, perSecond: rates.perSecond }),
    kept: () =>
      within(keptPatienceMs, keeps()).then(
        () => undefined,
        () => undefined,
      ),
    async leaves() {
      nodes.leaves();
      rates.close();
      outlook.close();
      await beside.close();
      lines.close();
      trunkStates.close();
      memory.close();
      autoAnswer.close();
      witness.close();
      shifts.close();
      calls.close();
      dispatcher.close();
      await calls.settled();
      await staff.close();
      records.leaves();
      await Promise.all([keeps(), news.settled(), ringsToday.settled(), dayCounts.close()]);
    },
    async close() {
      loopDelay.close();
      await subscribers?.close();
      await nodes.close();
      await records.close();
    },
  };
  metrics.reads(wired);
  return wired;
}

/** The trunks by which centres are reached and that Asterisk asks whether they are there. */
function centreTrunks({ centres, trunks }: Nouns): string[] {
  const ofCentres = new Set(Object.values(centres).map(({ route }) => route.trunk));
  return [...ofCentres].filter((name) => (trunks[name]?.qualifySeconds ?? 0) > 0);
}

/** The seat whose leg this was, and whose place in the call is kept. */
function awaySeat(call: Call | undefined, leg: LegId): SeatId | undefined {
  const away = call ? partiesOf(call).filter(isAway) : [];
  return away.find((party) => party.leg === leg)?.seat;
}
