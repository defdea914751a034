import { Refusal } from '../../kernel/errors.ts';
import type { TicketAtDesk } from '../../server/http/ticket-views.ts';
import type { Call } from '../../telephony/call.ts';
import type { TicketEvent } from '../../tickets/events.ts';
import type { Ticket } from '../../tickets/ticket.ts';
import { aCaller, calls } from '../given/calls.ts';
import { until } from '../given/exchange.ts';
import { startPostgres, type GivenPostgres } from '../given/postgres.ts';
import { differences, settled } from '../given/same-story.ts';
import { city, configOf, police, TicketDeployment, type Asks } from '../given/ticket-deployment.ts';

/** 12345 and 110 as two deployments: two databases, two HTTP servers, nothing shared but the wire. */

const HOUR = 3_600_000;
const at12345 = { deployment: 'city', hotline: '12345' };
const at110 = { deployment: 'police', hotline: '110' };

let servers: GivenPostgres[];
let here: TicketDeployment;
let there: TicketDeployment;
let li: Asks;
let wang: Asks;
let chief: Asks;
beforeAll(async () => {
  servers = await Promise.all([startPostgres(), startPostgres()]);
  here = await TicketDeployment.on(servers[0]?.url ?? '');
  there = await TicketDeployment.on(servers[1]?.url ?? '');
  await here.begins(configOf(city, { of: police, url: there.network.url }));
  await there.begins(configOf(police, { of: city, url: here.network.url }));
  await until(() => here.tickets.state === 'on' && there.tickets.state === 'on');
  [li, wang, chief] = await Promise.all([
    here.logsIn('8001'),
    there.logsIn('1101'),
    here.logsIn('9001'),
  ]);
}, 120_000);
afterEach(() => {
  here.network.mood = () => 'well';
  there.network.mood = () => 'well';
});
afterAll(async () => {
  await Promise.all([here.ends(), there.ends()]);
  await Promise.all(servers.map((server) => server.stop()));
}, 60_000);

async function opens(who: Asks, fields: object = {}): Promise<Ticket> {
  const { status, body } = await who.post('/api/tickets', {
    channel: 'internet',
    fields: { asked: '路灯不亮', place: { text: '科华北路65号', division: '510107' }, ...fields },
  });
  expect([status, body]).toEqual([200, expect.objectContaining({ term: 1 })]);
  return body as Ticket;
}

const ticketAt = async (who: Asks, key: string): Promise<Ticket | undefined> =>
  (await who.get(`/api/tickets/${key}`)).body.ticket;

const does = async (who: Asks, { key }: Pick<Ticket, 'key'>, act: string, body: object = {}) => {
  const reply = await who.post(`/api/tickets/${key}/${act}`, body);
  expect([act, reply.status, reply.body.code]).toEqual([act, 200, undefined]);
  return reply.body as Ticket;
};

const comesTo = (who: Asks, key: string, is: (ticket: Ticket) => boolean) =>
  until(async () => {
    const ticket = await ticketAt(who, key);
    return ticket !== undefined && is(ticket);
  });

test('12345 hands over to 110, which signs, accepts, dispatches and tells what it found', async () => {
  const ticket = await opens(li, { asked: '有人打架', urgency: 'urgent' });
  await does(li, ticket, 'hand-over', { to: at110, why: '警情' });
  await comesTo(wang, ticket.key, ({ handOvers }) => handOvers.length === 1);
  const { body } = await wang.get('/api/tickets/work');
  expect(body.hits.map(({ key }: Ticket) => key)).toContain(ticket.key);

  await does(wang, ticket, 'sign');
  expect(await does(wang, ticket, 'accept')).toMatchObject({ owner: at110, term: 2 });
  const { dispatches } = await does(wang, ticket, 'dispatch', { unit: '巡逻一组' });
  await does(wang, ticket, 'feedback', {
    words: '已劝离',
    dispatch: dispatches[0]?.id,
    final: true,
  });
  await comesTo(li, ticket.key, ({ feedbacks }) => feedbacks.length === 1);
  expect(await ticketAt(li, ticket.key)).toMatchObject({ owner: at110, term: 2 });
  const refused = await li.post(`/api/tickets/${ticket.key}/move`, { to: 'handling' });
  expect([refused.status, refused.body.code]).toEqual([403, 'not-owner']);
});

test('110 hands over to 12345: it stands on top there, and is refused, reviewed and taken', async () => {
  await opens(li);
  const ticket = await opens(wang, { asked: '下水道堵塞' });
  await opens(li);
  await does(wang, ticket, 'hand-over', { to: at12345, why: '非警务' });
  await comesTo(li, ticket.key, ({ pinned }) => pinned);
  const { body } = await li.get('/api/tickets/work');
  expect(body.hits[0]).toMatchObject({ key: ticket.key, pinned: true });

  await does(li, ticket, 'refuse', { why: '属地不明' });
  await comesTo(wang, ticket.key, ({ handOvers }) => handOvers[0]?.answer?.type === 'refused');
  await does(wang, ticket, 'ask-review', { why: '清单第三项' });
  const again = await wang.post(`/api/tickets/${ticket.key}/review`, {
    outcome: 'overturned',
    why: '',
  });
  expect(again.body.code).toMatch(/review-by-another|why-missing/);
  const captain = await there.logsIn('1190');
  await does(captain, ticket, 'review', { outcome: 'overturned', why: '应由12345受理' });
  await does(wang, ticket, 'hand-over', { to: at12345, why: '复核改派' });
  // It must be taken, and is, by itself.
  await comesTo(wang, ticket.key, ({ owner, term }) => owner.hotline === '12345' && term === 2);
});

test('danger: 110 is told at once, whoever owns it', async () => {
  const ticket = await opens(li);
  await does(li, ticket, 'mark-danger', {
    danger: { life: true, property: false, publicSafety: false },
  });
  await comesTo(wang, ticket.key, ({ fields }) => fields.danger.life);
  await does(wang, ticket, 'dispatch', { unit: '巡逻二组' });
  await comesTo(li, ticket.key, ({ dispatches }) => dispatches.length === 1);
  expect(await ticketAt(li, ticket.key)).toMatchObject({ owner: at12345, term: 1 });
});

test('a three-way ends: 110 takes it; another one without agreement stays with who received it first', async () => {
  const [agreed, not] = [await opens(li), await opens(li)];
  for (const ticket of [agreed, not]) {
    await does(li, ticket, 'hand-over', { to: at110, mode: 'voice', call: 'call-1', why: '三方' });
    await comesTo(wang, ticket.key, ({ handOvers }) => handOvers.length === 1);
  }
  await does(wang, agreed, 'outcome', { takes: at110, call: 'call-1' });
  await does(wang, not, 'outcome', { takes: null, call: 'call-1' });
  await comesTo(li, agreed.key, ({ term }) => term === 2);
  await comesTo(li, not.key, ({ handOvers }) => handOvers[0]?.answer?.how === 'not-agreed');
  expect(await ticketAt(li, not.key)).toMatchObject({ owner: at12345, term: 1 });
});

test('both ask at once: it is taken back, or accepted, never both', async () => {
  const ticket = await opens(li);
  await does(li, ticket, 'hand-over', { to: at110, why: '警情' });
  await comesTo(wang, ticket.key, ({ handOvers }) => handOvers.length === 1);
  await Promise.all([
    li.post(`/api/tickets/${ticket.key}/ask-withdrawal`, { why: '误转' }),
    wang.post(`/api/tickets/${ticket.key}/accept`),
  ]);
  await comesTo(li, ticket.key, ({ handOvers }) => handOvers[0]?.answer != null);
});

test('the other side is down meanwhile: it waits, is on paper, and comes when it is back', async () => {
  there.network.mood = () => 'down';
  const ticket = await opens(li, { asked: '路面<塌陷>' });
  await does(li, ticket, 'hand-over', { to: at110, why: '警情' });
  await does(li, ticket, 'edit', { fields: { asked: '路面<塌陷>，两米深' } });
  await until(async () => (await chief.get('/api/exchange')).body[0].downSince !== null);
  const { body: page } = await chief.get('/api/exchange/police/report');
  expect(page).toContain(ticket.key);
  expect(page).toContain('路面&lt;塌陷&gt;');
  there.network.mood = () => 'well';
  // What got no answer has stepped aside for ten seconds.
  here.clock.passes(15_000);
  await comesTo(wang, ticket.key, ({ fields }) => fields.asked.includes('两米'));
  await does(wang, ticket, 'accept');
  await comesTo(li, ticket.key, ({ term }) => term === 2);
});

test('cut off from one another for ten minutes, both go on with their work; then both know all of it', async () => {
  const [offered, theirs] = [await opens(li, { urgency: 'urgent' }), await opens(wang)];
  await does(li, offered, 'hand-over', { to: at110, why: '警情' });
  await comesTo(wang, offered.key, ({ handOvers }) => handOvers.length === 1);

  for (const side of [here, there]) side.network.mood = () => 'down';
  const fresh = await opens(li, { asked: '井盖丢失' });
  const minutes: (() => Promise<unknown>)[] = [
    () => does(wang, offered, 'accept'),
    () => does(li, fresh, 'hand-over', { to: at110, why: '警情' }),
    () => does(li, offered, 'edit', { fields: { asked: '有人打架，约五人' } }),
    () => does(wang, offered, 'dispatch', { unit: '巡逻四组' }),
    () => does(wang, theirs, 'hand-over', { to: at12345, why: '非警务' }),
    () => does(li, fresh, 'ask-withdrawal', { why: '误转' }),
    () => does(wang, offered, 'feedback', { words: '已到场' }),
    () => does(li, offered, 'urge', { words: '来电人再次来电' }),
    () => does(wang, theirs, 'edit', { fields: { asked: '下水道堵塞' } }),
    () => does(wang, offered, 'feedback', { words: '已劝离', final: true }),
  ];
  for (const act of minutes) {
    await act();
    for (const side of [here, there]) side.clock.passes(60_000);
  }
  // Whoever has not heard of it goes on as before.
  expect(await ticketAt(li, offered.key)).toMatchObject({ owner: at12345, term: 1 });
  expect(await ticketAt(wang, offered.key)).toMatchObject({ owner: at110, term: 2 });
  expect((await wang.get(`/api/tickets/${fresh.key}`)).status).toBe(404);
  const { body: peers } = await chief.get('/api/exchange');
  expect(here.clock.now() - peers[0].downSince).toBeGreaterThan(7 * 60_000);
  expect(peers[0].waiting).toMatchObject({ dead: 0 });

  for (const side of [here, there]) {
    side.network.mood = () => 'well';
    side.clock.passes(15_000);
  }
  await comesTo(li, offered.key, ({ term, feedbacks }) => term === 2 && feedbacks.length === 2);
  await comesTo(li, theirs.key, ({ fields }) => fields.asked === '下水道堵塞');
  // Asked back before anybody there had heard of it: it was given back by itself.
  await comesTo(li, fresh.key, ({ handOvers }) => handOvers[0]?.answer?.type === 'withdrawn');
  await comesTo(wang, offered.key, ({ urges }) => urges.length === 1);
});

test('messages twice, late and out of order, answers lost: nothing is done twice', async () => {
  there.network.mood = (n) => (['twice', 'answer lost', 'held', 'well'] as const)[n % 4] ?? 'well';
  here.network.mood = (n) => (n % 2 === 0 ? 'twice' : 'answer lost');
  const all = await Promise.all([opens(li), opens(li), opens(li)]);
  await Promise.all(
    all.map(async (ticket) => {
      await does(li, ticket, 'hand-over', { to: at110, why: '警情' });
      await does(li, ticket, 'edit', { fields: { asked: '改一次' } });
      await comesTo(wang, ticket.key, ({ fields }) => fields.asked === '改一次');
      await does(wang, ticket, 'accept');
      await comesTo(li, ticket.key, ({ term }) => term === 2);
    }),
  );
  await there.network.letGo();
});

test.each(['the owner', 'the other side', 'both'])(
  '%s begins anew in each step: nothing is lost, nothing twice',
  async (who) => {
    const sides = who === 'both' ? [here, there] : [who === 'the owner' ? here : there];
    const begin = async () => {
      for (const side of sides) await side.restarts();
      await until(() => sides.every(({ tickets }) => tickets.state === 'on'));
    };
    const ticket = await opens(li);
    await begin();
    await does(li, ticket, 'hand-over', { to: at110, why: '警情' });
    await begin();
    await comesTo(wang, ticket.key, ({ handOvers }) => handOvers.length === 1);
    await does(wang, ticket, 'sign');
    await begin();
    await comesTo(li, ticket.key, ({ handOvers }) => handOvers[0]?.signed != null);
    await does(wang, ticket, 'accept');
    await begin();
    await comesTo(li, ticket.key, ({ term }) => term === 2);
    await does(wang, ticket, 'dispatch', { unit: '巡逻三组' });
    await begin();
    await does(wang, ticket, 'feedback', { words: '已处置', final: true });
    await begin();
    await comesTo(li, ticket.key, ({ feedbacks }) => feedbacks.length === 1);
  },
);

test('clocks warn once and escalate once', async () => {
  const ticket = await opens(li, { urgency: 'most-urgent' });
  here.clock.passes(3.2 * HOUR);
  const of = (code: string) =>
    here.news.filter((one) => one.key === ticket.key && one.code === code).length;
  await until(() => of('ticket-warned') === 1);
  const { body } = await li.get('/api/tickets/clocks');
  expect(body).toContainEqual(
    expect.objectContaining({ key: ticket.key, kind: 'done', warned: true, escalated: false }),
  );
  here.clock.passes(HOUR);
  await until(() => of('ticket-escalated') === 1);
  expect(of('ticket-warned')).toBe(1);
});

describe('with calls', () => {
  const passedOnBy = [{ number: '12345', reason: 'unconditional' }];
  const key = (name: string, call: Call): Call => ({ ...call, key: name });
  /** The call's only ticket there. */
  const of = async (side: TicketDeployment, call: string): Promise<Ticket | undefined> => {
    const found = await side.tickets.does(({ store }) => store.ofCall(call));
    expect(found.length).toBeLessThan(2);
    return found[0];
  };
  const becomes = (side: TicketDeployment, call: string, is: (ticket: Ticket) => boolean) =>
    until(async () => {
      const ticket = await of(side, call);
      return ticket !== undefined && is(ticket);
    });

  test('born with the call, handed over with the key, signed for when 110 talks; accepted by a person', async () => {
    const talks = key('call-a', calls.talking('a'));
    here.tickets.callChanged(talks, key('call-a', calls.offered('a')));
    await becomes(here, 'call-a', ({ fields }) => fields.caller.number === '13900001111');
    const rings = key('call-a', calls.transferring('one-key', 'a', '110'));
    here.tickets.callChanged(rings, talks);
    // It rings there, is answered, and only then its ticket comes.
    const answered = { ...key('call-a', calls.talking('b')), caller: aCaller({ passedOnBy }) };
    there.tickets.callChanged(answered);
    await becomes(there, 'call-a', ({ handOvers }) => handOvers[0]?.signed != null);
    const ticket = await of(there, 'call-a');
    expect(ticket).toMatchObject({ owner: at12345, handOvers: [{ mode: 'voice', to: at110 }] });
    await does(wang, { key: ticket?.key ?? '' }, 'accept');
    await becomes(here, 'call-a', ({ term }) => term === 2);
  });

  test('a transfer that nobody answers is undone, ticket and all', async () => {
    const talks = key('call-b', calls.talking('a'));
    const rings = key('call-b', calls.transferring('one-key', 'a', '110'));
    here.tickets.callChanged(talks);
    here.tickets.callChanged(rings, talks);
    here.tickets.callChanged(talks, rings);
    await becomes(here, 'call-b', ({ handOvers }) => handOvers[0]?.answer?.type === 'withdrawn');
    expect(await of(here, 'call-b')).toMatchObject({ owner: at12345, term: 1 });
  });

  describe('the wire is cut for longer than 110 waits for a ticket', () => {
    const rungAt12345 = calls.talking('a');
    /** 110 talks in this call and has opened one of its own for it. */
    const opensItsOwn = async (call: string) => {
      there.network.mood = () => 'down';
      const talks = key(call, rungAt12345);
      here.tickets.callChanged(talks);
      here.tickets.callChanged(key(call, calls.transferring('one-key', 'a', '110')), talks);
      const answered = { ...key(call, calls.talking('b')), caller: aCaller({ passedOnBy }) };
      there.tickets.callChanged(answered);
      there.clock.passes(11_000);
      await becomes(there, call, ({ owner }) => owner.deployment === 'police');
      return { answered, own: (await of(there, call)) as Ticket };
    };
    const wireIsBack = () => {
      there.network.mood = () => 'well';
      here.clock.passes(20_000);
    };

    const joined = ({ key }: Ticket) =>
      until(async () => (await ticketAt(wang, key))?.mergedInto != null);

    test('its own goes on in what comes later: one call, one ticket', async () => {
      const { answered, own } = await opensItsOwn('call-e');
      there.tickets.callChanged({ ...answered, danger: true }, answered);
      await becomes(there, 'call-e', ({ fields }) => fields.danger.life);
      wireIsBack();
      await joined(own);
      await becomes(there, 'call-e', ({ handOvers }) => handOvers[0]?.signed != null);
      const ticket = (await of(there, 'call-e')) as Ticket;
      expect(ticket).toMatchObject({
        owner: at12345,
        tookIn: [own.key],
        fields: { danger: { life: true } },
      });
      expect(await ticketAt(wang, own.key)).toMatchObject({ mergedInto: ticket.key });
      await does(wang, ticket, 'accept');
      await becomes(here, 'call-e', ({ term, tookIn }) => term === 2 && tookIn.length === 1);
    });

    test('also when the call is over by then', async () => {
      const { answered, own } = await opensItsOwn('call-f');
      there.tickets.callChanged(key('call-f', calls.ended()), answered);
      wireIsBack();
      await joined(own);
      expect(await of(there, 'call-f')).toMatchObject({ owner: at12345, tookIn: [own.key] });
    });

    test('in which somebody has written is kept, and each names the other', async () => {
      const { own } = await opensItsOwn('call-g');
      await does(wang, own, 'edit', { fields: { asked: '有人受伤' } });
      wireIsBack();
      const all = () => there.tickets.does(({ store }) => store.ofCall('call-g'));
      await until(async () => (await all()).every(({ links }) => links.length === 1));
      const [one, other] = await all();
      expect([one?.links[0]?.other, other?.links[0]?.other]).toEqual([other?.key, one?.key]);
      await does(wang, other as Ticket, 'accept');
      await does(wang, own, 'merge', { into: other?.key });
      expect(await of(there, 'call-g')).toMatchObject({ key: other?.key, tookIn: [own.key] });
    });
  });

  test('the database away: calls go on, tickets are made once when it is back', async () => {
    await servers[0]?.kill();
    await until(() => here.tickets.state === 'away');
    const talks = key('call-c', calls.talking('a'));
    here.tickets.callChanged(talks);
    here.tickets.callChanged({ ...talks, danger: true }, talks);
    expect(here.tickets.behind).toBe(1);
    const { status, body } = await li.get('/api/tickets');
    expect([status, body.code]).toEqual([503, 'tickets-away']);
    // Who hangs up meanwhile is remembered by a controller that begins anew.
    const short = key('call-d', calls.talking('a'));
    here.tickets.callChanged(short);
    here.tickets.callChanged(key('call-d', calls.ended()), short);
    await here.restarts();
    expect(here.tickets.behind).toBe(2);
    await servers[0]?.revive();
    await until(() => here.tickets.behind === 0);
    await becomes(here, 'call-c', ({ fields }) => fields.danger.life);
    here.tickets.callChanged({ ...talks, danger: true, held: true } as Call, talks);
    await until(() => here.tickets.behind === 0);
    await becomes(there, 'call-c', ({ fields }) => fields.danger.life);
    await becomes(here, 'call-d', ({ fields }) => fields.caller.number === '13900001111');
  });
});

describe('who may, and what is refused', () => {
  test('others have nothing to do with it, and are told so', async () => {
    const ticket = await opens(li);
    const foreign = await wang.get(`/api/tickets/${ticket.key}`);
    expect([foreign.status, foreign.body.code]).toEqual([404, 'no-ticket']);
    const nobody = await fetch(`${here.url}/api/tickets/${ticket.key}`);
    expect(nobody.status).toBe(401);
    const feed = await li.get('/api/tickets/feed');
    expect([feed.status, feed.body.code]).toEqual([403, 'not-for-you']);
  });

  test('unknown codes, control characters and five megabytes', async () => {
    const ask = (fields: object) => li.post('/api/tickets', { fields });
    expect((await ask({ matter: '999999' })).body).toMatchObject({
      code: 'unknown-code',
      field: 'matter',
    });
    expect((await ask({ asked: 'a\u0000b' })).body).toMatchObject({
      code: 'control-characters',
      field: 'asked',
    });
    expect((await ask({ asked: '水'.repeat(1_700_000) })).status).toBe(413);
    expect((await ask({ asked: '水'.repeat(5000) })).body.code).toBe('too-long');
  });

  test('a withheld number stays at emergency lines', async () => {
    const caller = { number: '13800138000', name: null, withheld: true };
    const ticket = await opens(wang, { caller });
    await does(wang, ticket, 'hand-over', { to: at12345, why: '非警务' });
    await comesTo(li, ticket.key, () => true);
    expect(JSON.stringify((await li.get(`/api/tickets/${ticket.key}`)).body)).not.toContain(
      '13800138000',
    );
    expect((await ticketAt(wang, ticket.key))?.fields.caller.number).toBe('13800138000');
    expect(await callBackKey(li, ticket)).toMatchObject({
      allowed: false,
      why: { zh: expect.stringContaining('保密') },
    });
    // Who may see it may ring it.
    expect((await callBackKey(wang, ticket))?.allowed).toBe(true);
  });
});

test('the diversion list, search, who saw it, exports and the feed', async () => {
  const ticket = await opens(li, {
    asked: '小区垃圾三天没清',
    caller: { number: '13911112222', name: '李女士', withheld: false },
  });
  const second = await opens(li, {
    asked: '垃圾还没清',
    caller: { number: '13911112222', name: '李女士', withheld: false },
  });
  const { body: diversion } = await li.get('/api/tickets/diversion?text=dajia');
  expect(diversion).toMatchObject({ proposal: { target: '110', act: 'hand-over' } });
  const found = await li.get(`/api/tickets?text=${encodeURIComponent('垃圾三天')}`);
  expect(found.body.hits.map(({ key }: Ticket) => key)).toEqual([ticket.key]);
  const { body: story } = await li.get(`/api/tickets/${second.key}`);
  expect(story.suggestions).toContainEqual(
    expect.objectContaining({ what: 'repeat-caller', tickets: [ticket.key] }),
  );
  const { body: seen } = await chief.get(`/api/tickets/${second.key}/seen`);
  expect(seen).toContainEqual(expect.objectContaining({ what: 'ticket' }));

  for (const [format, has] of [
    ['jsonl', ticket.id],
    ['csv', '小区垃圾三天没清'],
    ['xlsx', 'PK'],
  ]) {
    const file = await chief.get(`/api/tickets/export?format=${format}`);
    expect([format, file.status]).toEqual([format, 200]);
    expect(file.body).toContain(has);
  }
  expect(here.takenAway).toEqual(
    ['JSON', 'CSV', 'XLSX'].map((kind) => `9001 Exported tickets (${kind})`),
  );
  const { body: feed } = await chief.get('/api/tickets/feed?most=1000');
  expect(feed.events.map((event: TicketEvent) => event.ticket)).toContain(ticket.id);
});

test('as desks draw it: with what may be done and why not; two who write at once do not write over one another', async () => {
  const ticket = await opens(li, { matter: '0101' });
  const drawn = async () =>
    (await li.get(`/api/tickets/at-desk?ticket=${ticket.key}`)).body[0] as TicketAtDesk;
  const { standing, names, questions, missing, acts } = await drawn();
  expect([standing, names.matter?.zh]).toEqual(['owner', '公共设施 › 路灯照明']);
  expect([questions, missing].map((all) => all.map(({ id }) => id))).toEqual([
    ['where'],
    ['where'],
  ]);
  const key = (id: string) => acts.find((one) => one.id === id);
  expect(key('hand-over:110')).toMatchObject({ allowed: false, asks: 'why' });
  expect(key('hand-over:110')?.why?.zh).toContain('设施在什么位置');

  const was = { fields: { asked: '路灯不亮' }, answers: { where: '' } };
  const writes = (asked: string) =>
    li.post(`/api/tickets/${ticket.key}/edit`, {
      fields: { asked },
      answers: { where: '路口' },
      was,
    });
  expect((await writes('路灯不亮三天')).status).toBe(200);
  expect((await writes('灯不亮')).body).toMatchObject({
    code: 'written-meanwhile',
    field: 'asked',
    words: { zh: expect.stringContaining('其他人') },
  });
  const handing = (await drawn()).acts.find(({ id }) => id === 'hand-over:110');
  const { request } = handing ?? {};
  await li.post(request?.path ?? '', { ...request?.body, why: '警情' });
  await comesTo(wang, ticket.key, () => true);
  const inbox = await wang.get('/api/tickets/work?offered=only');
  expect(inbox.body.hits).toContainEqual(
    expect.objectContaining({
      key: ticket.key,
      names: expect.objectContaining({ matter: names.matter }),
    }),
  );
  const { body: codes } = await li.get('/api/tickets/codes?of=divisions&text=wuhou');
  expect(codes[0]).toMatchObject({ code: '510107', name: { zh: '四川省成都市武侯区' } });

  await wang.get(`/api/tickets/${ticket.key}`);
  const { body: story } = await wang.get(`/api/tickets/${ticket.key}`);
  const seen = story.events.filter(
    ({ type, by }: TicketEvent) => type === 'seen' && by.person === '1101',
  );
  expect(seen).toHaveLength(1);
  expect(story.events[0].line.name.zh).toBe('受理登记');
});

test('回访: rung from the ticket, with her number and the call in its story; refused with words', async () => {
  const caller = { number: '13800138000', name: null, withheld: false };
  const ticket = await opens(li, { caller });
  const act = await callBackKey(li, ticket);
  expect(act).toMatchObject({ allowed: true, why: null });
  const { status, body: rings } = await li.post(act?.request.path ?? '', act?.request.body);
  expect([status, here.rung.at(-1)]).toEqual([
    200,
    expect.objectContaining({ seat: '8001', hotline: '12345', number: '13800138000' }),
  ]);
  expect((await ticketAt(li, ticket.key))?.calls).toMatchObject([{ call: rings.key }]);

  const unknown = await opens(li);
  expect(await callBackKey(li, unknown)).toMatchObject({
    allowed: false,
    why: { zh: expect.stringContaining('没有来电人号码') },
  });
  const none = await li.post(`/api/tickets/${unknown.key}/call-back/ring`);
  expect([none.status, none.body.code]).toEqual([409, 'no-number']);
  const busy = new Refusal('in-call-elsewhere', { zh: '您正在通话中', en: 'You talk' });
  here.mayNotRing = busy;
  expect((await li.post(act?.request.path ?? '')).body.code).toBe(busy.code);
  here.mayNotRing = null;
  expect(here.rung).toHaveLength(1);
});

const callBackKey = async (who: Asks, { key }: Pick<Ticket, 'key'>) => {
  const { body } = await who.get(`/api/tickets/at-desk?ticket=${key}`);
  return (body as TicketAtDesk[])[0]?.acts.find(({ id }) => id === 'call-back');
};

test('one ticket goes on in another, and one becomes two', async () => {
  const [one, other] = [await opens(li), await opens(li)];
  await does(li, one, 'merge', { into: other.key });
  const part = await does(li, other, 'split', { fields: { asked: '另一件' } });
  expect(await ticketAt(li, one.key)).toMatchObject({ mergedInto: other.key });
  expect(part).toMatchObject({ splitFrom: other.key });
});

test('both hotlines in one deployment: handed over, asked back and accepted without a wire', async () => {
  const server = await startPostgres();
  const one = await TicketDeployment.on(server.url);
  const [ours, theirs] = [configOf(city), configOf(police)];
  await one.begins({
    ...ours,
    hotlines: [...ours.hotlines, ...theirs.hotlines],
    seats: [...ours.seats, ...theirs.seats],
  });
  await until(() => one.tickets.state === 'on');
  const [clerk, officer] = [await one.logsIn('8001'), await one.logsIn('1101')];
  const to = { deployment: 'city', hotline: '110' };
  const { body: ticket } = await clerk.post('/api/tickets', { fields: { asked: '噪声' } });
  expect((await officer.get(`/api/tickets/${ticket.key}`)).body.code).toBe('not-yours');
  await does(clerk, ticket, 'hand-over', { to, why: '警情' });
  // Nobody waits for a key that nobody will press.
  const back = await does(clerk, ticket, 'ask-withdrawal', { why: '误转' });
  expect(back.handOvers[0]?.answer?.type).toBe('withdrawn');
  await does(clerk, ticket, 'hand-over', { to, why: '警情' });
  expect(await does(officer, ticket, 'accept')).toMatchObject({ owner: to, term: 2 });
  const { body: story } = await officer.get(`/api/tickets/${ticket.key}`);
  expect(story).toMatchObject({ whole: true, owners: [{ hotline: '12345' }, { hotline: '110' }] });
  await one.ends();
  await server.stop();
});

test('without a database tickets are off and say so; with one that is away they say that', async () => {
  const off = await TicketDeployment.on(null);
  await off.begins(configOf(city));
  const asks = await off.logsIn('8001');
  expect((await asks.get('/api/tickets')).body.code).toBe('tickets-off');
  expect((await asks.get('/api/tickets/diversion?text=dajia')).status).toBe(200);
  await off.ends();
  const away = await TicketDeployment.on('postgres://nobody@127.0.0.1:1/none');
  await away.begins(configOf(city));
  const { status, body } = await (await away.logsIn('8001')).get('/api/tickets');
  expect([status, body.code, away.tickets.state]).toEqual([503, 'tickets-away', 'away']);
  await expect(away.tickets.does(() => Promise.resolve())).rejects.toBeInstanceOf(Refusal);
  await away.ends();
});

test('after all of this both databases tell the same story; one changed word would be seen', async () => {
  const [one = '', other = ''] = servers.map(({ url }) => url);
  await settled(one, other);
  expect(await differences(one, other)).toEqual([]);
  const ticket = await opens(li);
  await does(li, ticket, 'hand-over', { to: at110, why: '警情' });
  await comesTo(wang, ticket.key, ({ handOvers }) => handOvers.length === 1);
  await settled(one, other);
  const level = (to: string) =>
    there.tickets.does(({ database }) =>
      database.run((db) =>
        db.updateTable('tickets').set({ level: to }).where('key', '=', ticket.key).execute(),
      ),
    );
  await level('major');
  expect(await differences(one, other)).toEqual([
    expect.stringMatching(/^tickets, here only: .* general /),
    expect.stringMatching(/^tickets, there only: .* major /),
  ]);
  await level('general');
  expect(await differences(one, other)).toEqual([]);
});
