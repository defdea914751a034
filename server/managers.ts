import type { Words } from '../kernel/errors.ts';
import type { Call, Manager, ManagerRequestBody } from '../telephony/call.ts';
import type { CallRecord } from '../telephony/calls.ts';
import { numberShownTo } from '../telephony/identity.ts';
import { partiesOf, seatsOf } from '../telephony/table/step.ts';
import { supervisings } from '../telephony/words.ts';
import type { FloorCall, HelpView, ManagedCall, SupervisorView } from './http/supervise-views.ts';
import type { Action } from './http/views.ts';
import type { Wired } from './wire.ts';

/** Managers with calls of others: who they are, what they see, and every key of theirs. */

/** Who asks, with the line of his own place on the switch of this call. */
export function managerOf(
  { config, nodes }: Wired,
  person: string,
  on: Pick<Call, 'node'>,
): Manager {
  const { name, seat, line } = config.people.find(({ id }) => id === person) ?? {
    name: person,
    seat: null,
    line: 'phone' as const,
  };
  const leg = seat === null || line === 'phone' ? null : (nodes.legOf(seat, on.node) ?? null);
  return { id: person, name, place: seat === null ? null : { seat, line, leg } };
}

/** The person whose own place this seat is. */
export const ownerOf = ({ config }: Wired, seat: string): string | null =>
  config.people.find((person) => person.seat === seat)?.id ?? null;

/** Everybody who talks, for the floor. */
export const floorCalls = (wired: Wired): FloorCall[] =>
  wired.calls.all().flatMap(({ call }) => floorCall(wired, call) ?? []);

/** One call with what this manager may do to it. */
export function managedCall(wired: Wired, record: CallRecord, person: string): ManagedCall {
  return {
    call: floorCall(wired, record.call),
    history: record.history.map(({ at, told }) => ({ at, words: told.words })),
    actions: managerActions(wired, record.call, managerOf(wired, person, record.call)),
  };
}

/** Every key of a manager; the table itself says which it would refuse. */
export function managerActions(wired: Wired, call: Call, manager: Manager): Action[] {
  const key = (
    name: Action['name'],
    label: Words,
    path: string,
    request: ManagerRequestBody,
    shape: Partial<Action> = {},
  ): Action => {
    const { type: _type, ...body } = request;
    const why = wired.calls.wouldRefuseManager(call, { ...request, by: manager });
    return {
      id: name,
      name,
      label,
      group: 'supervise',
      allowed: why === null,
      why: why?.words ?? null,
      note: null,
      key: null,
      request: { method: 'POST', path: `/api/calls/${call.id}/${path}`, body },
      ...shape,
    };
  };
  const how = (name: 'listen' | 'whisper' | 'barge', label: string, f: string) =>
    key(
      name,
      { zh: supervisings[name].zh, en: label },
      'supervise',
      { type: 'supervise', how: name },
      { key: f },
    );
  const takes = key(
    'take-over',
    { zh: '拦截', en: 'Take over' },
    'take-over',
    { type: 'takeOver' },
    { key: 'F8' },
  );
  return [
    how('listen', 'Listen', 'F2'),
    how('whisper', 'Whisper', 'F3'),
    how('barge', 'Barge in', 'F4'),
    // On a lasting leg he need not listen before.
    call.supervisor === null && manager.place?.line === 'browser'
      ? { ...takes, ...directly(wired, call, manager) }
      : takes,
    key(
      'end-supervising',
      { zh: '退出', en: 'Leave' },
      'supervise/leave',
      { type: 'endSupervising' },
      { key: 'F11' },
    ),
    key('end-call', { zh: '强拆', en: 'End the call' }, 'end', { type: 'endCall' }),
    key('dismiss-help', { zh: '求助已阅', en: 'Dismiss the request for help' }, 'dismiss-help', {
      type: 'dismissHelp',
    }),
  ];
}

function directly({ calls }: Wired, call: Call, by: Manager): Pick<Action, 'allowed' | 'why'> {
  const later =
    call.stage === 'talking' ? null : calls.wouldRefuseManager(call, { type: 'takeOver', by });
  const why = later ?? calls.wouldRefuseManager(call, { type: 'supervise', how: 'listen', by });
  return { allowed: why === null, why: why?.words ?? null };
}

/** A manager with the call, as this seat may know of him; `seat` null: whoever looks after managers. */
export function supervisorView(
  wired: Wired,
  call: Call,
  seat: string | null,
): SupervisorView | null {
  const { supervisor } = call;
  if (!supervisor || !maySee(wired, call, seat)) return null;
  const { seat: own, name, whom, how, here, since } = supervisor;
  return { seat: own, name, whom, how, here, since };
}

export const helpView = ({ help }: Call): HelpView | null =>
  help && { seat: help.by, since: help.since };

/** Where listening is hidden, an operator sees a manager only when he can hear him. */
function maySee({ config }: Wired, { supervisor }: Call, seat: string | null): boolean {
  if (config.supervising.listening === 'shown' || seat === null) return true;
  return supervisor?.seat === seat || (supervisor?.here === true && supervisor.how !== 'listen');
}

const ofListening: ReadonlySet<string> = new Set([
  'supervisor-listen',
  'supervisor-left-listening',
  'supervisor-rung',
  'supervisor-not-reached',
]);

/** Whether an operator is not told of this. */
export const isHidden = ({ config }: Wired, code: string): boolean =>
  config.supervising.listening === 'hidden' && ofListening.has(code);

/** Null: nobody talks in it. */
export function floorCall(wired: Wired, call: Call): FloorCall | null {
  const parties = partiesOf(call);
  if (parties.length === 0 || !('parties' in call)) return null;
  return {
    id: call.id,
    hotline: call.hotline,
    number: masked(numberShownTo(call, undefined)),
    seats: seatsOf(parties).map(({ seat }) => seat),
    peers: parties.flatMap((party) => (party.role === 'peer' ? [party.peer] : [])),
    since: call.firstTalkAt ?? call.since,
    stage: call.stage,
    held: call.stage === 'consulting' || ('held' in call && call.held),
    danger: call.danger,
    drill: call.drill,
    supervisor: supervisorView(wired, call, null),
    help: helpView(call),
  };
}

/** 138****8000: enough to tell calls apart. */
export const masked = (number: string | null): string | null =>
  number === null
    ? null
    : number.length < 8
      ? `${number.slice(0, 1)}${'*'.repeat(number.length - 1)}`
      : `${number.slice(0, 3)}${'*'.repeat(number.length - 7)}${number.slice(-4)}`;
