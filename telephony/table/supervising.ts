import type {
  Call,
  Consulting,
  Ear,
  LegId,
  Manager,
  Order,
  Party,
  SeatParty,
  Step,
  Supervising,
  Supervisor,
  Talking,
  Told,
  Transferring,
} from '../call.ts';
import { refused } from '../refusals.ts';
import { say } from '../words.ts';
import { nothing, type Asked, type Columns, type Outcome } from './cells.ts';
import {
  goOn,
  isAway,
  letGo,
  partiesOf,
  partyOfSeat,
  seatParty,
  seatsOf,
  step,
  takesPart,
  unholdIf,
  type Surroundings,
} from './step.ts';

/**
 * A manager with a call: he listens in, whispers, barges in, takes over. Listening and barging in he is in her bridge,
 * muted or not; whispering he is in a room with a snoop channel on the operator's leg (docs/decisions/0012).
 */

/** Calls in which people talk. */
type Talks = Talking | Transferring | Consulting;

/** How long a manager's phone rings. */
export const SUPERVISOR_RING_SECONDS = 20;

/** The bridge in which a manager whispers by this ear. */
export const roomOf = (ear: LegId): string => `${ear}.room`;

/** The ear to which this bridge belongs; undefined: it is no room. */
export const earOf = (bridge: string): LegId | undefined => /^(.+)\.room$/.exec(bridge)?.[1];

const earId = (call: Call): LegId => `${call.id}.ear.${call.legsMade + 1}`;

/** Whether a leg of this call is, or was, an ear. */
export const isEar = (call: Call, leg: LegId): boolean => leg.startsWith(`${call.id}.ear.`);

/** Facts of a manager and requests by or to one; for the rows of calls in which people talk. */
export const supervised = {
  supervisorHere: (call: Talks) => {
    const { supervisor } = call;
    if (!supervisor || supervisor.here) return nothing(call);
    const { leg } = supervisor;
    return enters(call, supervisor, [{ do: 'clearTimer', timer: 'supervisor', leg }]);
  },
  supervisorGone: (call: Talks, { cause }: Columns['supervisorGone']) => {
    const { supervisor } = call;
    if (!supervisor) return nothing(call);
    const { leg, how, here, ear } = supervisor;
    const orders: Order[] = here
      ? closes(ear, null)
      : [{ do: 'clearTimer', timer: 'supervisor', leg }];
    const told = here
      ? say.supervisorLeft(how, supervisor)
      : say.supervisorNotReached(supervisor, cause);
    return step(without(call), orders, told);
  },
  supervisorSilent: (call: Talks) => {
    const { supervisor } = call;
    if (!supervisor || supervisor.here) return nothing(call);
    const { leg } = supervisor;
    const told = say.supervisorNotReached(supervisor, 'no-answer');
    return step(without(call), [{ do: 'hangUp', leg }], told);
  },
  earOpen: (call: Talks) => {
    const { supervisor } = call;
    if (!supervisor?.ear || supervisor.ear.open) return nothing(call);
    const { leg, ear } = supervisor;
    return step(withSupervisor(call, { ...supervisor, ear: { ...ear, open: true } }), [
      { do: 'part', leg },
      { do: 'whisper', leg, ear: ear.leg },
      { do: 'unmute', leg },
    ]);
  },
  earGone: (call: Talks) => {
    const { supervisor } = call;
    if (!supervisor?.ear) return nothing(call);
    const next = changed(call, supervisor, 'listen');
    return step(next.call, next.orders, say.whisperLost(supervisor));
  },
  supervise,
  endSupervising: (call: Talks, { by }: Columns['endSupervising']) => {
    const { supervisor } = call;
    if (!supervisor || supervisor.seat !== by.place?.seat) return refused('not-supervising');
    const told = say.supervisorLeft(supervisor.how, supervisor);
    return step(without(call), leaves(supervisor), told);
  },
  dismissHelp: (call: Talks, { by }: Columns['dismissHelp']) =>
    call.help
      ? step({ ...call, help: null }, [], say.helpDismissed(by, call.help.by))
      : refused('no-help-asked'),
  askHelp: (call: Talks, { me }: Asked, at: Surroundings) =>
    call.help
      ? refused('help-asked-already')
      : step({ ...call, help: { by: me.seat, since: at.now } }, [], say.helpAsked(me.seat)),
  withdrawHelp: (call: Talks, { me }: Asked) =>
    call.help?.by === me.seat
      ? step({ ...call, help: null }, [], say.helpWithdrawn(me.seat))
      : refused('no-help-asked'),
} as const;

/** 拦截: the manager stands where the operator stood, who is released. */
export function takeOver(call: Talking, { by }: Columns['takeOver'], at: Surroundings): Outcome {
  const { supervisor } = call;
  if (!supervisor || supervisor.seat !== by.place?.seat) return refused('not-supervising');
  if (!supervisor.here) return refused('pick-up-first');
  const operator = partyOfSeat(call.parties, supervisor.whom);
  if (!operator) return refused('no-operator-here');
  const { party, orders } = asParty(supervisor, operator, at);
  const parties = call.parties.map((one) => (one.leg === operator.leg ? party : one));
  return step(
    goOn(without(call), parties, false),
    [...orders, ...unholdIf(call.held, call), ...letGo(operator)],
    say.tookOver(supervisor, operator.seat),
  );
}

/** A manager who is heard by all. */
export const bargedIn = ({ supervisor }: Call): boolean =>
  supervisor?.here === true && supervisor.how === 'barge';

/** Who has barged in stays with her when the last one who talked with her is gone. Null: nobody has. */
export function stepsIn(
  call: Talking,
  last: Party,
  at: Surroundings,
): { readonly call: Call; readonly orders: readonly Order[]; readonly told: Told } | null {
  const { supervisor } = call;
  if (!supervisor || !bargedIn(call) || last.role !== 'seat') return null;
  const { party, orders } = asParty(supervisor, last, at);
  return {
    call: goOn(without(call), [party], false),
    orders: [...orders, ...unholdIf(call.held, call)],
    told: say.tookOver(supervisor, last.seat),
  };
}

/**
 * What a step means for the manager and for who asked for one: with the operator he goes, unless he has barged in and
 * people still talk; when nobody talks any more he goes in any case.
 */
export function withoutThemselves(taken: Step): Step {
  const { call, orders, told } = taken;
  const { supervisor, help } = call;
  const talks = partiesOf(call).length > 0 && call.stage !== 'calling-back';
  const there = (seat: string) => talks && takesPart(call, seat);
  const helped = help && !there(help.by) ? { ...call, help: null } : call;
  if (!supervisor) return helped === call ? taken : { call: helped, orders, told };
  if (there(supervisor.whom) || (talks && bargedIn(call))) {
    return helped === call ? taken : { call: helped, orders, told };
  }
  // After a fall of the switch there is nobody to send away.
  const lost = call.stage === 'ended' && call.how === 'switch-lost';
  return {
    call: { ...helped, supervisor: null },
    orders: [...(lost ? [] : leaves(supervisor)), ...orders],
    told: [say.supervisorLeft(supervisor.how, supervisor), ...told],
  };
}

function supervise(call: Talks, asked: Columns['supervise'], at: Surroundings): Outcome {
  const { by, how } = asked;
  const { supervisor } = call;
  if (supervisor && supervisor.seat !== by.place?.seat) return refused('supervised-already');
  const operator =
    operatorOf(call, asked.whom ?? supervisor?.whom) ??
    (asked.whom === undefined ? operatorOf(call, undefined) : undefined);
  if (!operator) return refused('no-operator-here');
  if (how === 'whisper' && isAway(operator)) return refused('operator-away');
  const { seat: whom } = operator;
  if (!supervisor) return begins(call, whom, by, how, at);
  if (supervisor.how === how && supervisor.whom === whom) return refused('supervising-so');
  const now = { ...supervisor, whom };
  const next = changed(call, now, how);
  return step(next.call, next.orders, say.supervises(how, now));
}

function begins(
  call: Talks,
  whom: string,
  { id: by, name, place }: Manager,
  how: Supervising,
  at: Surroundings,
): Outcome {
  if (!place) return refused('no-line-of-own');
  if (takesPart(call, place.seat)) return refused('talking-yourself');
  const { seat, line } = place;
  const common = { seat, line, by, name, whom, how, since: at.now, ear: null };
  const heeded = call.help?.by === whom ? { ...call, help: null } : call;
  if (line === 'browser') {
    if (place.leg === null) return refused('own-line-down');
    return enters(heeded, { ...common, leg: place.leg, here: false });
  }
  const leg = `${call.id}.supervisor-${seat}.${call.legsMade + 1}`;
  const seconds = SUPERVISOR_RING_SECONDS;
  return step(
    { ...heeded, legsMade: call.legsMade + 1, supervisor: { ...common, leg, here: false } },
    [
      { do: 'ringSupervisor', leg, seat, seconds },
      { do: 'setTimer', timer: 'supervisor', leg, seconds },
    ],
    say.supervisorRung(common),
  );
}

/** He is with them from now on; nobody hears him before he may be heard. */
function enters(call: Talks, supervisor: Supervisor, before: readonly Order[] = []): Step {
  const { leg } = supervisor;
  const here: Supervisor = { ...supervisor, here: true };
  const inside: Order[] = [...before, { do: 'mute', leg }, { do: 'join', leg }];
  const next = heard(withSupervisor(call, here), here);
  const how = next.call.supervisor?.how ?? 'listen';
  return step(next.call, [...inside, ...next.orders], say.supervises(how, supervisor));
}

/** His browser has a new lasting leg: he is with them there. */
export function managerMoves(call: Call, supervisor: Supervisor, leg: LegId): Step {
  const moved = enters(call as Talks, { ...supervisor, leg, ear: null });
  return step(moved.call, [...leaves(supervisor), ...moved.orders]);
}

/** From one way to another. */
function changed(call: Talks, supervisor: Supervisor, how: Supervising) {
  const { leg, here, ear } = supervisor;
  const plain: Supervisor = { ...supervisor, how, ear: null };
  const muted = ear?.open === true || supervisor.how === 'barge';
  const back: Order[] = here
    ? [
        ...(muted ? [{ do: 'mute', leg } as const] : []),
        ...closes(ear, ear?.open ? leg : null),
        ...(ear?.open ? [{ do: 'join', leg } as const] : []),
      ]
    : [];
  const next = here ? heard(withSupervisor(call, plain), plain) : { call, orders: [] };
  return {
    call: here ? next.call : withSupervisor(call, plain),
    orders: [...back, ...next.orders],
  };
}

/** He is in her bridge and heard by nobody: how he comes to be heard. */
function heard(
  call: Talks,
  supervisor: Supervisor,
): { readonly call: Talks; readonly orders: readonly Order[] } {
  const { leg, whom, how } = supervisor;
  if (how === 'listen') return { call, orders: [] };
  if (how === 'barge') return { call, orders: [{ do: 'unmute', leg }, { do: 'chime' }] };
  const ear: Ear = { leg: earId(call), open: false };
  const to = operatorOf(call, whom);
  if (!to || isAway(to)) {
    return { call: withSupervisor(call, { ...supervisor, how: 'listen' }), orders: [] };
  }
  return {
    call: withSupervisor({ ...call, legsMade: call.legsMade + 1 }, { ...supervisor, ear }),
    orders: [{ do: 'openEar', ear: ear.leg, to: to.leg }],
  };
}

/** Everything of his is over; his lasting leg stays, and is as it was. */
function leaves({ leg, line, how, here, ear }: Supervisor): Order[] {
  if (!here) {
    return [
      { do: 'clearTimer', timer: 'supervisor', leg },
      { do: 'hangUp', leg },
    ];
  }
  const inRoom = ear?.open === true;
  if (line === 'phone') return [{ do: 'hangUp', leg }, ...closes(ear, null)];
  const out: Order[] = inRoom ? closes(ear, leg) : [...closes(ear, null), { do: 'part', leg }];
  return how === 'barge' || inRoom ? out : [...out, { do: 'unmute', leg }];
}

/** As the party that he becomes; he is in her bridge and heard there. */
function asParty(
  { seat, leg, line, how, ear }: Supervisor,
  { hotline }: SeatParty,
  at: Surroundings,
): { readonly party: SeatParty; readonly orders: readonly Order[] } {
  const inRoom = ear?.open === true;
  const muted = how !== 'barge' && !inRoom;
  return {
    party: seatParty({ seat, leg, line }, hotline, at),
    orders: [
      ...closes(ear, inRoom ? leg : null),
      ...(inRoom ? [{ do: 'join', leg } as const] : []),
      ...(muted ? [{ do: 'unmute', leg } as const] : []),
      { do: 'seatTakesOver', seat },
    ],
  };
}

const closes = (ear: Ear | null, from: LegId | null): Order[] =>
  ear ? [{ do: 'closeEar', ear: ear.leg, from }] : [];

const operatorOf = (call: Call, whom: string | undefined): SeatParty | undefined =>
  seatsOf(partiesOf(call)).find(({ seat }) => whom === undefined || seat === whom);

const without = <C extends Call>(call: C): C => ({ ...call, supervisor: null });

const withSupervisor = <C extends Call>(call: C, supervisor: Supervisor): C => ({
  ...call,
  supervisor,
});
