import { replayed } from '../../tickets/after.ts';
import { received, tellings } from '../../tickets/copies.ts';
import type { TicketEvent } from '../../tickets/events.ts';
import type { Given, GivenKey, Open, Request, Rules } from '../../tickets/requests.ts';
import { decide, open } from '../../tickets/step.ts';
import type { Holder, Limit, Ticket } from '../../tickets/ticket.ts';
import { Refusal } from '../../kernel/errors.ts';

/** A town with three deployments that share nothing but a wire: the city's line, the police, the fire brigade. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const limit = (withinMs: number, warnMs: number): Limit => ({ withinMs, warnMs });

export const city: Holder = { deployment: 'city', hotline: '12345' };
export const water: Holder = { deployment: 'city', hotline: 'water' };
export const police: Holder = { deployment: 'police', hotline: '110' };
export const fire: Holder = { deployment: 'fire', hotline: '119' };

const question = { id: 'since', words: { zh: '何时开始？', en: 'Since when?' } };
const categories = new Map([
  [
    '0101',
    { code: '0101', name: { zh: '路灯', en: 'Street lamps' }, questions: [question], done: null },
  ],
  [
    '0102',
    {
      code: '0102',
      name: { zh: '井盖', en: 'Manholes' },
      questions: [],
      done: limit(4 * HOUR, HOUR),
    },
  ],
]);

export const rules: Rules = {
  hotlines: [
    { ...city, emergency: false },
    { ...water, emergency: false },
    { ...police, emergency: true },
    { ...fire, emergency: true },
  ],
  police,
  service: city,
  times: {
    sign: {
      normal: limit(30 * MINUTE, 10 * MINUTE),
      urgent: limit(10 * MINUTE, 3 * MINUTE),
      'most-urgent': limit(5 * MINUTE, MINUTE),
    },
    signDispatch: limit(15 * MINUTE, 5 * MINUTE),
    feedback: limit(HOUR, 15 * MINUTE),
    done: {
      normal: limit(120 * HOUR, 24 * HOUR),
      urgent: limit(24 * HOUR, 4 * HOUR),
      'most-urgent': limit(2 * HOUR, HOUR / 2),
    },
  },
  codes: {
    hasDivision: (code) => code === '510104' || code === '510100',
    hasOrganisation: (code) => code === 'lamps',
    category: (code) => categories.get(code),
  },
};

export interface Copy {
  readonly ticket: Ticket;
  readonly story: readonly TicketEvent[];
}

interface Message {
  readonly id: string;
  readonly events: readonly TicketEvent[];
}

/** Messages of one sender about one ticket to one receiver, in their order; so many of them have arrived. */
interface Line {
  readonly from: string;
  readonly to: string;
  readonly sent: Message[];
  arrived: number;
}

/** The three deployments, each with its copies and a clock of its own, and the wire. */
export class Town {
  now = 1_800_000_000_000;
  /** How far each clock is from the true time, ms. */
  readonly skew: Readonly<Record<string, number>>;
  readonly copies = new Map<string, Map<string, Copy>>();
  readonly lines = new Map<string, Line>();
  #ids = 0;

  constructor(skew: Readonly<Record<string, number>> = {}) {
    this.skew = skew;
    for (const deployment of ['city', 'police', 'fire']) this.copies.set(deployment, new Map());
  }

  /** @returns the ticket's id */
  opens(by: Holder, request: Partial<Open> = {}, person = 'li'): string {
    const asked = { type: 'open', channel: 'call', fields: {}, call: null, ...request } as const;
    const given = this.given(by, person);
    const events = open(asked, given);
    if (events instanceof Refusal) throw events;
    this.writes(by.deployment, given.newId, events);
    return given.newId;
  }

  /** @returns why it is refused; undefined: it is done */
  asks(
    by: Holder,
    id: string,
    request: Exclude<Request, Open>,
    person: string | null = 'li',
  ): Refusal | undefined {
    const copy = this.copy(by.deployment, id);
    if (!copy) return new Refusal('unknown-ticket', { zh: '没有', en: 'none' });
    const events = decide(copy.ticket, request, this.given(by, person));
    if (events instanceof Refusal) return events;
    this.writes(by.deployment, id, events);
    return undefined;
  }

  given(by: Holder, person: string | null = 'li'): GivenKey {
    const newId = `t${++this.#ids}`;
    const given: Given = { now: this.clockOf(by.deployment), by: { ...by, person }, newId, rules };
    return { ...given, key: `K-${newId}` };
  }

  clockOf(deployment: string): number {
    return this.now + (this.skew[deployment] ?? 0);
  }

  copy(deployment: string, id: string): Copy | undefined {
    return this.copies.get(deployment)?.get(id);
  }

  copiesOf(id: string): [string, Copy][] {
    return [...this.copies].flatMap(([deployment, all]) => {
      const copy = all.get(id);
      return copy ? [[deployment, copy] as [string, Copy]] : [];
    });
  }

  ids(): string[] {
    return [...new Set([...this.copies.values()].flatMap((all) => [...all.keys()]))];
  }

  /** Events and state are written in one step with what is to be sent. */
  writes(here: string, id: string, events: readonly TicketEvent[], from?: string): void {
    if (events.length === 0) return;
    const was = this.copy(here, id);
    const story = was?.story ?? [];
    const given = { here, rules, ...(from === undefined ? {} : { from }) };
    for (const { to, events: sent } of tellings(was?.ticket, events, story, given)) {
      const line = this.line(here, to, id);
      line.sent.push({ id, events: JSON.parse(JSON.stringify(sent)) as TicketEvent[] });
    }
    const whole = [...story, ...events];
    this.copies.get(here)?.set(id, { story: whole, ticket: replayed(whole) });
  }

  /** What waits on the wire. */
  waiting(): Line[] {
    return [...this.lines.values()].filter(({ sent, arrived }) => arrived < sent.length);
  }

  /** The next message of a line arrives; `again`: one that has arrived before does. */
  delivers(line: Line, again?: number): void {
    const at = again === undefined ? line.arrived++ : again % line.arrived;
    const message = line.sent[at];
    if (!message) return;
    const copy = this.copy(line.to, message.id);
    const events = received(copy?.ticket, message.events, {
      here: line.to,
      now: this.clockOf(line.to),
      // Nobody here forgets, so nobody is ever told what he said himself.
      saidByUs: () => false,
    });
    if (events instanceof Refusal) throw events;
    this.writes(line.to, message.id, events, line.from);
  }

  private line(from: string, to: string, id: string): Line {
    const name = `${from}>${to}>${id}`;
    const line = this.lines.get(name) ?? { from, to, sent: [], arrived: 0 };
    this.lines.set(name, line);
    return line;
  }
}
