import type { Attempt, Ring } from './call.ts';
import type { Peer, Route, Trunk } from './trunk.ts';

/** Who passed her on to us, nearest first (RFC 5806 order). */
export interface PassedOn {
  readonly number: string;
  readonly reason: string;
}

/** The citizen as the trunk told us. */
export interface Caller {
  readonly leg: string;
  readonly trunk: string;
  /** Null where no usable number came. */
  readonly number: string | null;
  /** She asked that her number be withheld (RFC 3323 Privacy: id). */
  readonly withheld: boolean;
  /** A trusted trunk vouches for the number (RFC 3325). */
  readonly asserted: boolean;
  readonly passedOnBy: readonly PassedOn[];
}

/** What becomes of the citizen's number on a trunk. */
export type Carriage = 'carried' | 'own-number' | 'withheld-to-emergency' | 'anonymous';

/**
 * Whether the number will be carried, as the screen says it beforehand.
 * Withheld numbers reach emergency trunks only (identity.md, Privacy row).
 */
export function carriageOn(trunk: Trunk, caller: Caller, carry: Attempt['carry']): Carriage {
  if (usable(caller) === null) return 'anonymous';
  if (caller.withheld) return trunk.emergency ? 'withheld-to-emergency' : 'anonymous';
  return trunk.carriesForeignNumbers && carry === 'citizen' ? 'carried' : 'own-number';
}

export interface Passing {
  readonly caller: Caller;
  /** Our hotline's number that hands her over. */
  readonly hotline: string;
  readonly key: string;
  /** The host part of our SIP addresses. */
  readonly host: string;
}

/**
 * How the first INVITE looks: who is in From (null: anonymous) and every header that Asterisk does not write itself.
 * P-Asserted-Identity RFC 3325, Privacy RFC 3323, Diversion RFC 5806, History-Info RFC 7044, User-to-User RFC 7433.
 */
export function ringOn(
  trunk: Trunk,
  route: Route,
  passing: Passing,
  carry: Attempt['carry'],
): Ring {
  const { caller, host } = passing;
  const carriage = carriageOn(trunk, caller, carry);
  const headers: [string, string][] = [];
  if (carriage === 'carried' || carriage === 'own-number' || carriage === 'withheld-to-emergency') {
    headers.push([
      'P-Asserted-Identity',
      `<${sipAddress(assertedNumber(trunk, caller, carriage), host)}>`,
    ]);
  }
  if (caller.withheld) headers.push(['Privacy', 'id']);
  const hidden = caller.withheld && !trunk.emergency ? caller.number : null;
  headers.push(...passedOnHeaders(trunk, route, passing, hidden));
  if (!tells(passing.key, hidden)) {
    headers.push(['User-to-User', `${Buffer.from(passing.key).toString('hex')};encoding=hex`]);
  }
  const shown = { carried: caller.number, 'own-number': trunk.ownNumber } as const;
  const callerNumber = carriage === 'carried' || carriage === 'own-number' ? shown[carriage] : null;
  return { trunk: trunk.name, number: route.number, callerNumber, headers };
}

/**
 * How the citizen is called back: what she sees is the hotline that she rang, or our number on this trunk where it
 * carries no other.
 */
export function ringBackOn(
  trunk: Trunk,
  number: string,
  { hotline, host }: Pick<Passing, 'hotline' | 'host'>,
): Ring {
  const callerNumber = trunk.carriesForeignNumbers ? hotline : trunk.ownNumber;
  const asserted = ['P-Asserted-Identity', `<${sipAddress(callerNumber, host)}>`] as const;
  return { trunk: trunk.name, number, callerNumber, headers: [asserted] };
}

/** The citizen's number as seats of this hotline see it: a withheld one is for emergency lines only. */
export function numberShownTo(
  call: { readonly caller: Caller },
  hotline: { readonly emergency: boolean } | undefined,
): string | null {
  return call.caller.withheld && !hotline?.emergency ? null : call.caller.number;
}

/**
 * What is tried after `attempt` failed: the same route once more with our own number after an explicit refusal
 * of the citizen's, else the next route; null when there is none.
 */
export function nextAttempt(
  peer: Peer,
  trunks: Readonly<Record<string, Trunk>>,
  attempt: Attempt,
  failed: { readonly numberRefused: boolean; readonly caller: Caller },
): Attempt | null {
  const route = peer.routes[attempt.route];
  const trunk = route && trunks[route.trunk];
  if (
    failed.numberRefused &&
    trunk &&
    carriageOn(trunk, failed.caller, attempt.carry) === 'carried'
  ) {
    return { route: attempt.route, carry: 'own' };
  }
  return attempt.route + 1 < peer.routes.length
    ? { route: attempt.route + 1, carry: 'citizen' }
    : null;
}

/** A number as a citizen's phone may have it: digits with an optional +, * or #; at most 32. */
export const plainNumber = /^\+?[0-9*#]{1,32}$/;

/** A Diversion reason (RFC 5806): a word, never digits. */
const plainReason = /^[a-z-]{1,32}$/i;

/** Nobody is passed on more often than this; what is further away is left out. */
const mostHops = 10;

/** Diversion header values as they came, nearest first, into who passed her on. Unreadable ones are left out. */
export function readDiversion(values: readonly string[]): PassedOn[] {
  return values
    .flatMap((value) => splitEntries(value))
    .flatMap(readEntry)
    .slice(0, mostHops);
}

/** History-Info entries (RFC 7044) into who passed her on, nearest first: every entry but the last, whose target is us. */
export function readHistoryInfo(values: readonly string[]): PassedOn[] {
  return values
    .flatMap((value) => splitEntries(value))
    .slice(0, -1)
    .reverse()
    .flatMap(readEntry)
    .slice(0, mostHops);
}

/** The key in a User-to-User value (RFC 7433, hex or plain), or null when it has none that we would write. */
export function readKey(value: string): string | null {
  if (value.length > 256) return null;
  const [data = '', ...parameters] = value.split(';').map((part) => part.trim());
  const hex = parameters.some((parameter) => /^encoding=hex$/i.test(parameter));
  const key = hex && /^([0-9a-f]{2})+$/i.test(data) ? Buffer.from(data, 'hex').toString() : data;
  return /^[\w.:-]{8,64}$/.test(key) ? key : null;
}

function assertedNumber(trunk: Trunk, caller: Caller, carriage: Carriage): string {
  // After a refusal of the foreign number in From it still travels as the asserted one (identity.md, flow 6),
  // but never on a trunk that is declared unable to carry it.
  const own = carriage === 'own-number' && !trunk.carriesForeignNumbers;
  return own ? trunk.ownNumber : (caller.number ?? trunk.ownNumber);
}

/** The citizen's number, if it is one that may be written into a header. */
const usable = ({ number }: Caller): string | null =>
  number !== null && plainNumber.test(number) ? number : null;

/** Whether a text gives the hidden number away: in full, or a part by which one could ring her. */
function tells(text: string, hidden: string | null): boolean {
  const [shown, number] = [digits(text), digits(hidden ?? '')];
  if (number === '') return false;
  return shown.includes(number.slice(-7)) || (shown.length >= 5 && number.endsWith(shown));
}

const digits = (text: string): string => text.replace(/\D/g, '');

/** Who passed her on, once this hotline of ours does so too; nearest first. */
export function handedOnBy(hotline: string, before: readonly PassedOn[]): PassedOn[] {
  const others = before[0]?.number === hotline ? before.slice(1) : before;
  return [{ number: hotline, reason: 'deflection' }, ...others];
}

function passedOnHeaders(
  trunk: Trunk,
  route: Route,
  { caller, hotline, host }: Passing,
  hidden: string | null,
): [string, string][] {
  const before = caller.passedOnBy.filter(
    ({ number }) => plainNumber.test(number) && !tells(number, hidden),
  );
  const chain = handedOnBy(hotline, before);
  const headers: [string, string][] = [];
  if (trunk.passedOnBy === 'diversion' || trunk.passedOnBy === 'both') {
    for (const { number, reason: said } of chain) {
      const reason = plainReason.test(said) ? said : 'unknown';
      headers.push(['Diversion', `<${sipAddress(number, host)}>;reason=${reason};counter=1`]);
    }
  }
  if (trunk.passedOnBy === 'history-info' || trunk.passedOnBy === 'both') {
    const way = [...chain.map(({ number }) => number).reverse(), route.number];
    way.forEach((number, i) => {
      const index = Array<string>(i + 1)
        .fill('1')
        .join('.');
      const cause = i === 0 ? '' : ';cause=480';
      headers.push(['History-Info', `<${sipAddress(number, host)}${cause}>;index=${index}`]);
    });
  }
  return headers;
}

function sipAddress(number: string, host: string): string {
  return `sip:${number.replaceAll('#', '%23')}@${host}`;
}

/** One entry: `"name" <sip:number@host>;reason=word`, or without name and brackets. */
function readEntry(entry: Entry): PassedOn[] {
  const encoded = /^(?:sips?|tel):([^@;?]+)/i.exec(entry.address)?.[1] ?? '';
  const number = encoded.replaceAll('%23', '#');
  const said = /(?:^|;)\s*reason\s*=\s*"?([^";\s]*)/i.exec(entry.parameters)?.[1] ?? '';
  const reason = plainReason.test(said) ? said : 'unknown';
  return plainNumber.test(number) ? [{ number, reason }] : [];
}

interface Entry {
  readonly address: string;
  readonly parameters: string;
}

/** Entries are parted by commas outside quotes and brackets. One pass, whatever comes in. */
function splitEntries(value: string): Entry[] {
  const parts: string[] = [];
  let start = 0;
  let inside: '' | '"' | '>' = '';
  for (let i = 0; i < value.length; i++) {
    const sign = value[i];
    if (inside === '"' && sign === '\\') i++;
    else if (inside !== '') inside = sign === inside ? '' : inside;
    else if (sign === '"') inside = '"';
    else if (sign === '<') inside = '>';
    else if (sign === ',') {
      parts.push(value.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(value.slice(start));
  return parts.filter((part) => part.trim() !== '').map(entryOf);
}

function entryOf(part: string): Entry {
  const open = afterName(part);
  const close = part.indexOf('>', open);
  if (part[open] === '<' && close > 0) {
    return { address: part.slice(open + 1, close).trim(), parameters: part.slice(close + 1) };
  }
  const [address = '', ...parameters] = part.slice(open).trim().split(';');
  return { address: address.trim(), parameters: parameters.join(';') };
}

/** Where the address begins: a display name may hold anything, even an address. */
function afterName(part: string): number {
  const quoted = /^\s*"(?:\\.|[^"\\])*"/s.exec(part)?.[0].length ?? 0;
  const bracket = part.indexOf('<', quoted);
  return bracket >= 0 ? bracket : quoted;
}
