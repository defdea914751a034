import { Refusal } from '../../kernel/errors.ts';
import type { Call, Cause, ChosenSeat, Step, TransferKind } from '../../telephony/call.ts';
import type { Column, Row } from '../../telephony/table/cells.ts';
import { withAway } from '../../telephony/table/seat-lost.ts';
import { partiesOf, situationOf, table } from '../../telephony/table/table.ts';
import { aCentre, aManager, lineOf, party, world } from './calls.ts';

/** `drop:b/X119` into the column and what it brings along. */
function happens(call: Call, label: string): { column: Column; event: never } {
  const [name = '', detail = ''] = label.split(':');
  const column = name as Column;
  const [first = '', second = ''] = detail.split('/');
  const parties = partiesOf(call);
  const me = (seat: string) => parties.find((one) => one.role === 'seat' && one.seat === seat);
  const someone = parties.find((one) => one.role === 'seat') ?? party('z');
  const events: Partial<Record<Column, object>> = {
    seatChosen: seatChosen(first || 'n'),
    place: { ahead: Number(first), estimateSeconds: second === '' ? null : Number(second) },
    say: { prompt: first },
    announced: { n: Number(first || 1) },
    callerKey: { digit: first || '1' },
    targetKey: { digit: first || '1' },
    mark: { me: someone, danger: first !== 'none' },
    targetGone: { cause: (first || 'busy') as Cause },
    initiatorGone: { party: parties.find(({ leg }) => leg === first) ?? party('z'), cause: second },
    partyGone: { party: parties.find(({ leg }) => leg === first) ?? party('z'), cause: second },
    seatAway: { party: first === '' ? someone : me(first) },
    seatBack: { seat: first || 'z', leg: second },
    leaveDue: { party: parties.find(({ leg }) => leg === first) ?? party('z') },
    answer: { by: 'n' },
    refuse: { by: 'n' },
    transfer: {
      me: someone,
      request: {
        type: 'transfer',
        kind: (first || 'one-key') as TransferKind,
        target: second || '120',
      },
    },
    drop: { me: second ? me(first) : someone, leg: second || first },
  };
  const managers = {
    supervise: { by: aManager(second || 'm'), how: first || 'listen' },
    endSupervising: { by: aManager(first || 'm') },
    takeOver: { by: aManager(first || 'm') },
    endCall: { by: aManager(first || 'none') },
    dismissHelp: { by: aManager(first || 'none') },
    supervisorGone: { cause: first || 'lost' },
  };
  Object.assign(events, managers);
  const event = events[column] ?? { me: first === '' ? someone : me(first) };
  return { column, event: event as never };
}

function seatChosen(seat: string): ChosenSeat {
  const line = seat === 'x' ? 'trunk' : lineOf(seat);
  if (line === 'trunk') return { node: 'n', seat, line, site: aCentre(seat) };
  return { node: 'n', seat, line, leg: line === 'phone' ? null : seat.toUpperCase() };
}

export function cell(call: Call, label: string): Step | Refusal {
  const { column, event } = happens(call, label);
  const outcome = (table[situationOf(call)] as unknown as Row<Call>)[column](call, event, world);
  return outcome instanceof Refusal ? outcome : withAway(call, outcome);
}

export const sorted = (orders: string[]) =>
  orders
    .map((one) => one.trim())
    .filter(Boolean)
    .sort();

export interface Line {
  readonly label: string;
  readonly next: string;
  readonly orders: string[];
}

export function linesOf(text: string): Line[] {
  return text.split('\n').flatMap((line) => {
    const [labels = '', next = '', orders = ''] = line.split('|').map((part) => part.trim());
    return labels.split(/\s+/).map((label) => ({ label, next, orders: sorted(orders.split(',')) }));
  });
}
