import { Refusal } from '../kernel/errors.ts';
import { city, fire, police, rules, Town, water } from '../tests/given/ticket-town.ts';
import { replayed } from './after.ts';
import { clocksOf, firing, nextAt } from './clocks.ts';
import { callerFor, received, tellings } from './copies.ts';
import type { TicketEvent } from './events.ts';
import { carriedOver, merge, split } from './joining.ts';
import { policeFirst } from './levels.ts';
import { isIntact, isPattern, keyOf, counterOf, usualRule } from './numbers.ts';
import { likeness, repeatsOf, unhappyAgain, type Earlier } from './repeats.ts';
import type { Open, Request } from './requests.ts';
import { emptyFields, open } from './step.ts';
import type { Fields, Holder, Ticket } from './ticket.ts';

type Asked = Exclude<Request, Open>;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const danger = { life: true, property: false, publicSafety: false };
const none = { life: false, property: false, publicSafety: false };

const at = (town: Town, { deployment }: Holder, id: string): Ticket =>
  town.copy(deployment, id)?.ticket as Ticket;
const arrive = (town: Town): void => {
  for (let [line] = town.waiting(); line; [line] = town.waiting()) town.delivers(line);
};
const begun = (fields: Partial<Fields> = {}, by = city): { town: Town; id: string } => {
  const town = new Town();
  return { town, id: town.opens(by, { fields }) };
};
const refusal = (town: Town, by: Holder, id: string, request: Asked) => {
  const { code, field } = town.asks(by, id, request) ?? {};
  return [code, field];
};
const handTo = (to: Holder) =>
  ({ type: 'hand-over', to, mode: 'voice', call: null, why: 'x' }) as const;

describe('levels and danger', () => {
  test('danger: 110 has it at once and may dispatch, whoever owns it', () => {
    const { town, id } = begun();
    town.asks(city, id, { type: 'mark-danger', danger });
    arrive(town);
    expect(at(town, police, id).notices).toMatchObject([{ to: police, why: 'danger' }]);
    expect(policeFirst(at(town, police, id), rules)).toBe(true);
    town.asks(police, id, { type: 'dispatch', unit: '巡警', organisation: null, words: '' });
    arrive(town);
    expect(policeFirst(at(town, city, id), rules)).toBe(false);
    expect(at(town, city, id).owner).toEqual(city);
  });

  test('it is told once, and a ticket may be born with it', () => {
    const { town, id } = begun({ danger });
    town.asks(city, id, { type: 'mark-danger', danger: { ...danger, property: true } });
    expect(at(town, city, id).notices).toHaveLength(1);
  });

  test('larger and above: 110 first, and 12345 is told at the same time', () => {
    const { town, id } = begun({}, fire);
    town.asks(fire, id, { type: 'set-level', level: 'larger', why: '多人受伤' });
    arrive(town);
    expect(at(town, police, id)?.notices.map(({ to }) => to)).toEqual([police, city]);
    expect(at(town, city, id).pinned).toBe(true);
  });

  test('a general one has its department, with its time', () => {
    const { town, id } = begun({ matter: '0102' });
    town.asks(city, id, { type: 'dispatch', unit: '城管', organisation: 'lamps', words: '' });
    expect(at(town, city, id).notices).toEqual([]);
    expect(at(town, city, id).dispatches[0]?.done?.withinMs).toBe(4 * HOUR);
  });

  test('what needs social resources is reported up, once', () => {
    const { town, id } = begun();
    town.asks(city, id, { type: 'social-resources', needed: true });
    town.asks(city, id, { type: 'social-resources', needed: false });
    town.asks(city, id, { type: 'social-resources', needed: true });
    expect(at(town, city, id).reports).toHaveLength(1);
  });

  test('only an emergency line takes danger back; a closed ticket may still be marked', () => {
    const { town, id } = begun({ danger });
    arrive(town);
    expect(refusal(town, city, id, { type: 'mark-danger', danger: none })[0]).toBe('danger-stays');
    expect(town.asks(police, id, { type: 'mark-danger', danger: none })).toBeUndefined();
    const closed = begun();
    for (const to of ['replied', 'archived'] as const) {
      closed.town.asks(city, closed.id, { type: 'move', to, why: '' });
    }
    expect(closed.town.asks(city, closed.id, { type: 'mark-danger', danger })).toBeUndefined();
  });

  test('what comes from 110 stands on top at 12345, not the other way round', () => {
    const { town, id } = begun({}, police);
    town.asks(police, id, handTo(city));
    arrive(town);
    expect(at(town, city, id)).toMatchObject({ pinned: true, kind: 'police-ticket' });
    const other = begun();
    other.town.asks(city, other.id, handTo(police));
    expect(at(other.town, city, other.id).pinned).toBe(false);
  });
});

describe('clocks', () => {
  const clock = (ticket: Ticket, id: string) => clocksOf(ticket).find((one) => one.id === id);
  const fire1 = (town: Town, id: string, name: string) =>
    town.asks(city, id, { type: 'clock', clock: name }, null)?.code;

  test('an urgent one handed to 110: signed for, and first feedback within the hour', () => {
    const { town, id } = begun({ urgency: 'urgent' });
    town.asks(city, id, handTo(police));
    arrive(town);
    const since = town.now;
    expect(clock(at(town, police, id), 'feedback:1')).toMatchObject({
      holder: police,
      warnAt: since + 45 * MINUTE,
      dueAt: since + HOUR,
      runs: true,
    });
    expect(clock(at(town, police, id), 'sign:1')).toMatchObject({ dueAt: since + 10 * MINUTE });
    town.asks(police, id, { type: 'sign' });
    expect(clock(at(town, police, id), 'sign:1')?.runs).toBe(false);
    town.asks(police, id, { type: 'accept' });
    expect(clock(at(town, police, id), 'feedback:1')?.runs).toBe(true);
    town.asks(police, id, { type: 'feedback', words: '已到场', dispatch: null, final: false });
    arrive(town);
    for (const one of [city, police])
      expect(clock(at(town, one, id), 'feedback:1')?.runs).toBe(false);
  });

  test('an ordinary one, and one handed to 12345, owe no feedback within the hour', () => {
    const { town, id } = begun();
    town.asks(city, id, handTo(police));
    expect(clock(at(town, city, id), 'feedback:1')).toBeUndefined();
    const other = begun({ urgency: 'urgent' }, police);
    other.town.asks(police, other.id, handTo(city));
    expect(clock(at(other.town, police, other.id), 'feedback:1')).toBeUndefined();
  });

  test('refused: nothing is owed any more', () => {
    const { town, id } = begun({ urgency: 'urgent' });
    town.asks(city, id, handTo(police));
    arrive(town);
    town.asks(police, id, { type: 'refuse', why: 'x' });
    expect(
      clocksOf(at(town, police, id))
        .filter(({ runs }) => runs)
        .map((one) => one.id),
    ).toEqual(['done']);
  });

  test('warns once before, escalates once after; who looks too late escalates at once', () => {
    const { town, id } = begun({ urgency: 'urgent' });
    expect(fire1(town, id, 'done')).toBe('clock-not-yet');
    town.now += 20 * HOUR;
    expect(fire1(town, id, 'done')).toBeUndefined();
    expect(fire1(town, id, 'done')).toBe('clock-not-yet');
    town.now += 4 * HOUR;
    expect(fire1(town, id, 'done')).toBeUndefined();
    expect(fire1(town, id, 'done')).toBe('clock-fired');
    expect(fire1(town, id, 'no')).toBe('unknown-clock');
    const late = begun({ urgency: 'urgent' });
    late.town.now += 100 * HOUR;
    expect(fire1(late.town, late.id, 'done')).toBeUndefined();
    expect(at(late.town, city, late.id).fired['done']).toMatchObject({ warnedAt: null });
    expect(fire1(late.town, late.id, 'done')).toBe('clock-fired');
  });

  test('it stops when the citizen has her answer, and goes on when the ticket is taken up again', () => {
    const { town, id } = begun();
    town.asks(city, id, { type: 'move', to: 'replied', why: '' });
    town.now += 1000 * HOUR;
    expect(fire1(town, id, 'done')).toBe('clock-stopped');
    town.asks(city, id, { type: 'move', to: 'handling', why: '二次回访不满意' });
    expect(fire1(town, id, 'done')).toBeUndefined();
  });

  test('a dispatch: signed for, and done by its final feedback', () => {
    const { town, id } = begun({ matter: '0102' });
    town.asks(city, id, { type: 'dispatch', unit: '城管', organisation: 'lamps', words: '' });
    const [{ id: dispatch } = { id: '' }] = at(town, city, id).dispatches;
    const runs = () =>
      clocksOf(at(town, city, id)).flatMap((one) => (one.unit && one.runs ? [one.kind] : []));
    expect(runs()).toEqual(['sign-dispatch', 'done-dispatch']);
    town.asks(city, id, { type: 'sign-dispatch', dispatch, unit: '城管' });
    expect(refusal(town, city, id, { type: 'sign-dispatch', dispatch, unit: 'x' })[0]).toBe(
      'signed-already',
    );
    expect(runs()).toEqual(['done-dispatch']);
    town.asks(city, id, { type: 'feedback', words: '在办', dispatch, final: false });
    expect(runs()).toEqual(['done-dispatch']);
    town.asks(city, id, { type: 'feedback', words: '已修好', dispatch, final: true });
    expect(runs()).toEqual([]);
  });

  test('clocks of peers do not count: an hour apart, and ten minutes late, the time passed there counts', () => {
    const town = new Town({ police: HOUR });
    const id = town.opens(city, { fields: { urgency: 'urgent' } });
    town.now += 30 * MINUTE;
    town.asks(city, id, handTo(police));
    town.now += 10 * MINUTE;
    arrive(town);
    const heard = town.clockOf('police');
    expect(clock(at(town, police, id), 'sign:1')?.dueAt).toBe(heard + 10 * MINUTE);
    expect(clock(at(town, police, id), 'done')?.dueAt).toBe(heard + 24 * HOUR - 30 * MINUTE);
  });

  test('when a clock is to be looked at next', () => {
    const { town, id } = begun();
    const one = clock(at(town, city, id), 'done');
    if (!one) throw new Error('no clock');
    expect(nextAt(one)).toBe(one.warnAt);
    expect(firing(one, one.warnAt - 1)).toBeUndefined();
    expect(nextAt({ ...one, fired: { warnedAt: 1, escalatedAt: null } })).toBe(one.dueAt);
    expect(nextAt({ ...one, runs: false })).toBeUndefined();
  });
});

describe('what may be written', () => {
  const edits: [string, Partial<Fields>, string, string][] = [
    [
      'an unknown division',
      { place: { text: 'x', division: '999999' } },
      'unknown-code',
      'place.division',
    ],
    ['an unknown matter', { matter: '77' }, 'unknown-code', 'matter'],
    ['an unknown organisation', { organisation: 'no' }, 'unknown-code', 'organisation'],
    ['control characters', { asked: 'a\u0000b' }, 'control-characters', 'asked'],
    ['text that runs backwards', { asked: '\u202eabc' }, 'control-characters', 'asked'],
    ['half a sign', { asked: '\ud800' }, 'control-characters', 'asked'],
    ['5 MB', { asked: 'x'.repeat(5_000_000) }, 'too-long', 'asked'],
    [
      'a line break in a name',
      { caller: { number: null, name: 'a\nb', withheld: false } },
      'control-characters',
      'caller.name',
    ],
    [
      'no number',
      { caller: { number: '12-34', name: null, withheld: false } },
      'not-a-number',
      'caller.number',
    ],
  ];
  test.each(edits)('%s is refused with words', (_, fields, code, field) => {
    const { town, id } = begun();
    expect(refusal(town, city, id, { type: 'edit', fields })).toEqual([code, field]);
    const given = town.given(city);
    const asked = { type: 'open', channel: 'internet', fields, call: null } as const;
    expect(open(asked, given)).toMatchObject({ code, field });
  });

  test('line breaks and tabs are not refused in what is asked', () => {
    const { town, id } = begun();
    expect(town.asks(city, id, { type: 'edit', fields: { asked: '一\n二\t三' } })).toBeUndefined();
  });

  test('answers to questions that the matter does not have', () => {
    const { town, id } = begun({ matter: '0102' });
    const edit = { type: 'edit', fields: {}, answers: { since: 'x' } } as const;
    expect(refusal(town, city, id, edit)).toEqual(['unknown-question', 'answers.since']);
  });

  test('saved as typed: the same again is no event', () => {
    const { town, id } = begun();
    const edit = { type: 'edit', fields: { asked: '路灯' } } as const;
    for (let times = 0; times < 3; times += 1) expect(town.asks(city, id, edit)).toBeUndefined();
    expect(at(town, city, id).version).toBe(2);
  });

  test('hotlines that have nothing to do with it write nothing', () => {
    const { town, id } = begun();
    expect(refusal(town, water, id, { type: 'edit', fields: { asked: 'x' } })[0]).toBe(
      'not-a-party',
    );
  });

  test('inner states go their way only, and not without the required answers', () => {
    const { town, id } = begun({ matter: '0101' });
    const move = (to: Ticket['state']) => refusal(town, city, id, { type: 'move', to, why: '' });
    expect(move('archived')[0]).toBe('state-not-next');
    expect(move('handling')).toEqual(['answers-missing', 'answers.since']);
    town.asks(city, id, { type: 'edit', fields: {}, answers: { since: '昨晚' } });
    for (const to of ['approval', 'handling', 'replied', 'archived'] as const) {
      expect(move(to)[0]).toBeUndefined();
    }
    expect(refusal(town, city, id, { type: 'edit', fields: { asked: 'x' } })[0]).toBe('archived');
  });

  test('a withheld number is seen by emergency lines and nobody else', () => {
    const caller = { number: '13800000009', name: null, withheld: true };
    const { town, id } = begun({ caller }, police);
    town.asks(police, id, handTo(city));
    town.asks(police, id, handTo(fire));
    arrive(town);
    expect(JSON.stringify([...town.lines.values()])).not.toContain(caller.number);
    expect(JSON.stringify(town.copy('city', id))).not.toContain(caller.number);
    expect(callerFor(at(town, police, id), water, rules).number).toBeNull();
    expect(callerFor(at(town, police, id), police, rules).number).toBe(caller.number);
    // Who does not see it edits her name without losing it, and cannot say that it is not withheld.
    const named = { ...caller, number: null, name: '吴女士' };
    expect(town.asks(city, id, { type: 'edit', fields: { caller: named } })).toBeUndefined();
    const shown = { ...named, withheld: false };
    expect(refusal(town, city, id, { type: 'edit', fields: { caller: shown } })[0]).toBe(
      'number-unseen',
    );
    arrive(town);
    expect(at(town, police, id).fields.caller).toEqual({ ...caller, name: '吴女士' });
  });
});

describe('copies', () => {
  const hearing = (now: number, here = 'police') => ({ here, now, saidByUs: () => false });
  const story = (): { town: Town; id: string; events: readonly TicketEvent[] } => {
    const { town, id } = begun();
    town.asks(city, id, handTo(police));
    return { town, id, events: town.copy('city', id)?.story ?? [] };
  };

  test('what has not come yet is told from what is not the sender’s to say', () => {
    const { events, town, id } = story();
    const [opened, offer] = events as [TicketEvent, TicketEvent];
    expect(received(undefined, [offer], hearing(1))).toMatchObject({ code: 'out-of-order' });
    arrive(town);
    const copy = at(town, police, id);
    const forged = { ...offer, count: 99, by: { ...fire, person: null } };
    const takes = { type: 'accepted', n: 1, term: 2, how: 'person', why: '' } as const;
    const taken = { ...forged, ...takes } as TicketEvent;
    expect(received(copy, [taken], hearing(1))).toMatchObject({ code: 'not-theirs' });
    expect(received(copy, [{ ...forged, n: 2 } as TicketEvent], hearing(1))).toMatchObject({
      code: 'not-theirs',
    });
    expect(received(copy, [{ ...opened, count: 98 }], hearing(1))).toMatchObject({
      code: 'not-theirs',
    });
    expect(received(copy, [{ ...taken, n: 7 } as TicketEvent], hearing(1))).toMatchObject({
      code: 'out-of-order',
    });
    expect(received(copy, events, hearing(1))).toEqual([]);
  });

  test('what is said in our name we have said before, or know by our mark', () => {
    const { events, town, id } = story();
    arrive(town);
    const offered = events.at(-1) as TicketEvent;
    const takes = { type: 'accepted', n: 1, term: 2, how: 'person', why: '' } as const;
    const forged = { ...offered, ...takes, count: 99, by: { ...police, person: '1101' } };
    const copy = at(town, police, id);
    expect(received(copy, [forged], hearing(1))).toMatchObject({ code: 'in-our-name' });
    expect(received(undefined, events, hearing(1, 'city'))).toMatchObject({ code: 'in-our-name' });
    const back = received(undefined, events, { ...hearing(1, 'city'), saidByUs: () => true });
    if (back instanceof Refusal) throw back;
    expect(replayed(back).owner).toEqual(city);
  });

  test('an event of a newer peer is in the story and changes nothing else', () => {
    const { town, id, events } = story();
    arrive(town);
    const copy = at(town, police, id);
    const newer = {
      ...events[0],
      type: 'coloured',
      colour: 'red',
      count: 50,
    } as unknown as TicketEvent;
    const heard = received(copy, [newer], hearing(town.now));
    if (heard instanceof Refusal) throw heard;
    const after = replayed([...(town.copy('police', id)?.story ?? []), ...heard]);
    expect(after).toEqual({ ...copy, version: 3, count: 50, heard: { city: 50 } });
  });

  test('who is brought in hears the whole story; what is seen and clocks that fire are told to nobody', () => {
    const { town, id } = begun();
    town.asks(city, id, { type: 'see', what: 'ticket' });
    town.asks(city, id, { type: 'edit', fields: { asked: 'x' } });
    town.asks(city, id, handTo(police));
    const told = [...town.lines.values()].flatMap(({ sent }) =>
      sent.flatMap(({ events }) => events),
    );
    expect(told.map(({ type }) => type)).toEqual(['opened', 'edited', 'handed-over']);
    const none = tellings(undefined, [], [], { here: 'city', rules });
    expect(none).toEqual([]);
  });
});

test('the sound of a recording is deleted only when its hash stands there and the ticket is archived', () => {
  const { town, id } = begun();
  const recording = { id: 'r1', call: 'k1', startedAt: 1, ms: 2, gaps: [] };
  town.asks(city, id, { type: 'link-recording', ...recording, sha256: 'a'.repeat(64) });
  town.asks(city, id, { type: 'link-recording', ...recording, id: 'r2', sha256: null });
  const deletes = (which: string) =>
    refusal(town, city, id, { type: 'delete-recording', id: which });
  expect(deletes('r3')).toEqual(['unknown-code', 'recording']);
  expect(deletes('r1')).toEqual(['recording-stays', undefined]);
  for (const to of ['handling', 'replied', 'archived'] as const)
    town.asks(city, id, { type: 'move', to, why: '办结' });
  expect(deletes('r2')).toEqual(['recording-stays', undefined]);
  expect(refusal(town, police, id, { type: 'delete-recording', id: 'r1' })[0]).toBeDefined();
  expect(deletes('r1')).toEqual([undefined, undefined]);
  expect(town.copy('city', id)?.story.at(-1)).toMatchObject({
    type: 'recording-deleted',
    id: 'r1',
  });
});

test('who knew it from a third one, and is now bound to us, tells all: what is still on its way there is not lost', () => {
  const { town, id } = begun();
  town.asks(city, id, { type: 'notify', to: fire });
  arrive(town);
  town.asks(fire, id, { type: 'notify', to: police });
  arrive(town);
  town.asks(police, id, { type: 'urge', words: 'by way of fire' });
  const direct = (from: string, to: string) => {
    const lines = () => town.waiting().filter((one) => one.from === from && one.to === to);
    for (let [line] = lines(); line; [line] = lines()) town.delivers(line);
  };
  town.asks(city, id, handTo(police));
  direct('city', 'police');
  town.asks(police, id, { type: 'urge', words: 'straight' });
  direct('police', 'city');
  arrive(town);
  for (const one of [city, police, fire]) {
    expect(at(town, one, id).urges.map(({ words }) => words)).toEqual([
      'by way of fire',
      'straight',
    ]);
  }
});

describe('links', () => {
  const link = (why: 'repeat' | 'related') => ({ type: 'link', other: 'K-9', why }) as const;
  const unlink = { type: 'unlink', other: 'K-9' } as const;
  const links = (town: Town, by: Holder, id: string) =>
    at(town, by, id).links.map(({ why }) => why);

  test('taken back, and linked again', () => {
    const { town, id } = begun();
    for (const why of ['repeat', 'related'] as const) town.asks(city, id, link(why));
    town.asks(city, id, unlink);
    town.asks(city, id, unlink);
    expect(links(town, city, id)).toEqual([]);
    expect(town.copy('city', id)?.story.filter(({ type }) => type === 'unlinked')).toHaveLength(1);
    town.asks(city, id, link('repeat'));
    expect(links(town, city, id)).toEqual(['repeat']);
    expect(refusal(town, water, id, unlink)[0]).toBe(refusal(town, water, id, link('repeat'))[0]);
  });

  test.each([1, 2, 3])(
    'taken back here while it is linked anew there, %i acts later: what is later counts',
    (acts) => {
      const { town, id } = begun();
      town.asks(city, id, { type: 'notify', to: police });
      town.asks(city, id, link('related'));
      arrive(town);
      for (let i = 1; i < acts; i += 1) town.asks(police, id, { type: 'urge', words: '' });
      town.asks(police, id, link('repeat'));
      town.asks(city, id, unlink);
      arrive(town);
      // Two acts of one count: the deployment's name decides, the same way on both sides.
      expect(links(town, city, id)).toEqual(['repeat']);
      expect(links(town, police, id)).toEqual(['repeat']);
      town.asks(police, id, unlink);
      arrive(town);
      expect([links(town, city, id), links(town, police, id)]).toEqual([[], []]);
    },
  );
});

describe('merge and split', () => {
  test('one flood: tickets go on in one, and danger goes with them', () => {
    const { town, id } = begun();
    const other = town.opens(city, { fields: { danger, level: 'major' } });
    const [into, from] = [at(town, city, id), at(town, city, other)];
    const merged = merge(from, into, town.given(city));
    if (merged instanceof Refusal) throw merged;
    town.writes('city', other, merged.from);
    town.writes('city', id, merged.into);
    expect(at(town, city, other).mergedInto).toBe(into.key);
    expect(at(town, city, id)).toMatchObject({
      tookIn: [from.key],
      fields: { danger, level: 'major' },
    });
    expect(at(town, city, id).notices.map(({ to }) => to)).toEqual([police]);
    expect(refusal(town, city, other, handTo(police))[0]).toBe('merged');
    expect(clocksOf(at(town, city, other)).some(({ runs }) => runs)).toBe(false);
    const property = { ...danger, property: true };
    town.asks(city, other, { type: 'mark-danger', danger: property });
    expect(carriedOver(at(town, city, other), at(town, city, id))).toEqual({
      type: 'mark-danger',
      danger: property,
    });
  });

  test('not with itself, not another’s, not one on its way', () => {
    const { town, id } = begun();
    const [theirs, way] = [town.opens(water), town.opens(city)];
    town.asks(city, way, handTo(police));
    const into = at(town, city, id);
    const given = town.given(city);
    expect(merge(into, into, given)).toMatchObject({ code: 'same-ticket' });
    expect(merge(at(town, city, theirs), into, given)).toMatchObject({ code: 'not-owner' });
    expect(merge(at(town, city, way), into, given)).toMatchObject({ code: 'hand-over-under-way' });
  });

  test('a part becomes a ticket of its own', () => {
    const { town, id } = begun({ asked: '路灯和井盖' });
    const given = town.given(city);
    const parts = split(at(town, city, id), { fields: { asked: '井盖', matter: '0102' } }, given);
    if (parts instanceof Refusal) throw parts;
    town.writes('city', id, parts.from);
    town.writes('city', given.newId, parts.into);
    expect(at(town, city, id).splitInto).toEqual([given.key]);
    expect(at(town, city, given.newId)).toMatchObject({
      splitFrom: at(town, city, id).key,
      fields: { asked: '井盖' },
      owner: city,
      term: 1,
      doneWithin: { withinMs: 4 * HOUR },
    });
  });
});

describe('numbers', () => {
  const it = {
    deployment: 'city',
    hotline: '12345',
    division: '510100',
    kind: 'work-order',
  } as const;
  const evening = Date.parse('2023-03-31T16:30:00Z');

  test('the usual rule, with the day as it is in China', () => {
    const key = keyOf(usualRule, { ...it, at: evening }, 123);
    expect(key).toMatch(/^510100GD1234520230401000123\d$/);
    expect(isIntact(usualRule, key)).toBe(true);
  });

  test('a wrong digit never passes, two digits the wrong way round hardly ever', () => {
    const digits = Array.from({ length: 500 }, (_, n) =>
      keyOf(usualRule, { ...it, at: evening + n * 37 * HOUR }, n * 1931),
    );
    let [swaps, passed, wrongs] = [0, 0, 0];
    for (const key of digits) {
      // Behind division, kind and hotline, which the desk knows.
      for (let place = 13; place < key.length - 1; place += 1) {
        const [a, b] = [key[place] as string, key[place + 1] as string];
        const other = String((Number(a) + 1 + (place % 9)) % 10);
        const wrong = other === a ? key : key.slice(0, place) + other + key.slice(place + 1);
        if (wrong !== key && isIntact(usualRule, wrong)) wrongs += 1;
        if (a === b) continue;
        swaps += 1;
        if (isIntact(usualRule, key.slice(0, place) + b + a + key.slice(place + 2))) passed += 1;
      }
    }
    expect(wrongs).toBe(0);
    expect(passed / swaps).toBeLessThan(0.06);
  });

  test('every number of a day has the same counter, and the next day another one', () => {
    const counter = counterOf(usualRule, { ...it, at: evening });
    expect(counterOf(usualRule, { ...it, at: evening + HOUR })).toBe(counter);
    expect(counterOf(usualRule, { ...it, at: evening + 24 * HOUR })).not.toBe(counter);
    expect(counterOf(usualRule, { ...it, at: evening, kind: 'police-ticket' })).not.toBe(counter);
  });

  test('more than the digits hold: the number grows, and no two are the same', () => {
    const rule = { ...usualRule, pattern: '{division:4}-{yy}{seq:2}' };
    const keys = Array.from({ length: 300 }, (_, n) => keyOf(rule, { ...it, at: evening }, n + 1));
    expect(keys.slice(98, 100)).toEqual(['5101-2399', '5101-23100']);
    expect(new Set(keys).size).toBe(300);
  });

  test.each([
    ['{division}{kind}{yyyy}{MM}{dd}{seq:6}{check}', true],
    ['{hotline}-{seq:8}', true],
    ['{division}{yyyy}', false],
    ['{seq:3}{seq:3}', false],
    ['{check}{seq:6}', false],
    ['{sequence}{seq:6}', false],
    ['a b{seq:6}', false],
  ])('%s is a pattern: %s', (pattern, is) => expect(isPattern(pattern)).toBe(is));
});

describe('repeats', () => {
  const now = 1_800_000_000_000;
  const fields: Fields = {
    ...emptyFields,
    caller: { number: '138', name: null, withheld: false },
    place: { text: '锦江区东大街12号积水', division: '510104' },
    matter: '0102',
  };
  const by = { ...city, person: null };
  const opened = { by, at: now, heardAt: now, stamp: { count: 1, deployment: 'city' } };
  const earlier = (key: string, more: Partial<Earlier> = {}): Earlier => ({
    key,
    callerNumber: key,
    division: '510104',
    matter: '0102',
    placeText: '东大街积水',
    openedAt: now - 10 * MINUTE,
    solved: false,
    mergedInto: null,
    ...more,
  });
  const suggested = (...all: Earlier[]) => repeatsOf({ key: 'new', fields, opened }, all);

  test('many callers, one flood', () => {
    expect(suggested(earlier('b'), earlier('a', { openedAt: now - HOUR / 2 }))).toEqual([
      { what: 'one-event', lead: 'a', tickets: ['a', 'b'], callers: 3 },
    ]);
  });

  test.each([
    ['elsewhere', { division: '510105' }],
    ['another place', { placeText: '春熙路广场' }],
    ['another matter', { matter: '0101' }],
    ['long ago', { openedAt: now - 2 * HOUR }],
    ['merged already', { mergedInto: 'x' }],
    ['the same caller again', { callerNumber: '139' }],
  ])('not one event: %s', (_, more) => {
    const found = suggested(earlier('139'), earlier('b', more));
    expect(found.filter(({ what }) => what === 'one-event')).toEqual([]);
  });

  test('she rings again: about what is solved, and about what is not', () => {
    const old = { callerNumber: '138', openedAt: now - 100 * HOUR, placeText: '' };
    expect(suggested(earlier('a', { ...old, solved: true }))).toEqual([
      { what: 'repeat-caller', tickets: ['a'] },
    ]);
    expect(suggested(earlier('a', old)).map(({ what }) => what)).toEqual([
      'repeat-unresolved',
      'repeat-caller',
    ]);
    expect(suggested(earlier('a', { ...old, openedAt: now - 2000 * HOUR }))).toEqual([]);
  });

  test('called back twice, unhappy twice', () => {
    const { town, id } = begun();
    const asks = {
      type: 'call-back',
      reached: true,
      solved: false,
      satisfied: false,
      words: '',
      call: null,
    } as const;
    town.asks(city, id, asks);
    expect(unhappyAgain(at(town, city, id))).toBe(false);
    town.asks(city, id, asks);
    expect(unhappyAgain(at(town, city, id))).toBe(true);
  });

  test('好差评: the younger one stands, and none does not take back one that was given', () => {
    const { town, id } = begun();
    const rates = (score: 1 | 5 | null) => {
      town.asks(city, id, { type: 'rate', score, how: 'key', call: 'call-1' });
      return at(town, city, id).satisfaction?.score;
    };
    expect([null, 5, null, 1].map((score) => rates(score as 1 | 5 | null))).toEqual([
      null,
      5,
      5,
      1,
    ]);
  });

  test('how like two places are', () => {
    expect(likeness('东大街12号', '东大街１２号')).toBe(1);
    expect(likeness('东大街', '春熙路')).toBe(0);
    expect(likeness('', '春熙路')).toBe(1);
  });
});
