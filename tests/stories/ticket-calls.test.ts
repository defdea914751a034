import { setTimeout as passes } from 'node:timers/promises';
import type { Ticket } from '../../tickets/ticket.ts';
import type { Desk } from '../given/desk.ts';
import { until } from '../given/exchange.ts';
import { expectHears } from '../given/hearing.ts';
import { joinedWithTickets, talks, ticketsOf, type JoinedWithTickets } from '../given/joined.ts';
import { startPostgres, type GivenPostgres } from '../given/postgres.ts';
import { differences, settled } from '../given/same-story.ts';
import { aWorld, type World } from '../given/world.ts';

/** Voice, number, ticket and, on acceptance, ownership go over together: real calls between 12345 and 110. */

const PATIENCE_MS = 15_000;
const at12345 = { deployment: 'city', hotline: '12345' };
const at110 = { deployment: 'police', hotline: '110' };

/** The call's only ticket, as this desk may see it. */
async function ticketOf(desk: Desk, call: string): Promise<Ticket | undefined> {
  const { body } = await desk.get(`/api/calls/${call}/tickets`);
  const all = body as Ticket[];
  if (all.length > 1) throw new Error(`${all.length} tickets of one call`);
  return all[0];
}

/** Waits until the call's ticket is so; told what it is instead after some time. */
async function becomes(
  desk: Desk,
  call: string,
  is: (ticket: Ticket) => boolean = () => true,
): Promise<Ticket> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const ticket = await ticketOf(desk, call);
    if (ticket && is(ticket)) return ticket;
    if (Date.now() > deadline) throw new Error(`${is}: ${JSON.stringify(ticket)}`);
    await passes(25);
  }
}

const does = (desk: Desk, { key }: Ticket, act: string, body: object = {}): Promise<Ticket> =>
  desk.obeyed<Ticket>(`/api/tickets/${key}/${act}`, body);

describe('two deployments', () => {
  let both: JoinedWithTickets;
  let city: World;
  let police: World;
  beforeAll(async () => {
    both = await joinedWithTickets();
    ({ city, police } = both);
  }, 120_000);
  afterEach(async () => {
    for (const network of Object.values(both.wireTo)) network.mood = () => 'well';
    await both.clear();
    await until(() => [city, police].every((world) => ticketsOf(world).behind === 0));
    const urls = [both.databases.city.url, both.databases.police.url] as const;
    await settled(...urls);
    expect(await differences(...urls)).toEqual([]);
  });
  afterAll(() => both?.ends());

  /** 110's desk while it rings there. */
  async function isRung(officer: Awaited<ReturnType<World['phoneSeat']>>): Promise<string> {
    await officer.phone.isRung();
    const { call } = await officer.desk.isOffered();
    return call?.id ?? '';
  }

  test('12345 → 110: there with the ring, signed for with the answer, theirs when they accept; what they did comes back', async () => {
    const officer = await police.phoneSeat('9001');
    const { taker: operator, citizen, call } = await talks(city, '12345', '8001');
    const born = await becomes(operator.desk, call.id);
    expect(born).toMatchObject({
      ...{ kind: 'work-order', owner: at12345, term: 1 },
      fields: { caller: { number: '13800138000' } },
      calls: [{ call: call.key }],
    });
    await does(operator.desk, born, 'edit', { fields: { asked: '楼下有人打架' } });

    await operator.desk.does('transfer:one-key:110');
    const rung = await isRung(officer);
    const shown = await becomes(officer.desk, rung);
    expect(shown).toMatchObject({
      ...{ key: born.key, owner: at12345 },
      fields: { asked: '楼下有人打架', caller: { number: '13800138000' } },
    });
    expect((await officer.desk.sees()).seat.state).toBe('offered');

    await officer.phone.answers();
    await becomes(operator.desk, call.id, ({ handOvers }) => handOvers[0]?.signed != null);
    expect(await does(officer.desk, shown, 'accept')).toMatchObject({ owner: at110, term: 2 });
    await becomes(
      operator.desk,
      call.id,
      ({ owner, term }) => owner.hotline === '110' && term === 2,
    );
    await expectHears(
      [citizen, [operator.phone, officer.phone]],
      [officer.phone, [citizen, operator.phone]],
    );
    await operator.desk.does('leave');
    await does(officer.desk, shown, 'dispatch', { unit: '巡逻一组' });
    await does(officer.desk, shown, 'feedback', { words: '已劝离', final: true });
    await becomes(operator.desk, call.id, ({ feedbacks }) => feedbacks[0]?.words === '已劝离');
    await officer.desk.does('hang-up');
    await citizen.isHungUp();
  });

  test('110 → 12345: on top there; refused with the reason it stays with 110, handed over again it is accepted', async () => {
    const operator = await city.phoneSeat('8001');
    const { taker: officer, citizen, call } = await talks(police, '110', '9001');
    const born = await becomes(officer.desk, call.id);
    expect(born).toMatchObject({ kind: 'police-ticket', owner: at110 });
    await officer.desk.does('transfer:one-key:12345');
    const rung = await isRung(operator);
    expect(await becomes(operator.desk, rung)).toMatchObject({ key: born.key, pinned: true });
    await operator.phone.answers();
    await becomes(operator.desk, rung, ({ handOvers }) => handOvers[0]?.signed != null);
    await does(operator.desk, born, 'refuse', { why: '属地不明' });
    await officer.desk.does('take-back');
    await operator.phone.isHungUp();
    const refused = await becomes(officer.desk, call.id, ({ handOvers }) => !!handOvers[0]?.answer);
    expect(refused).toMatchObject({
      ...{ owner: at110, term: 1 },
      handOvers: [{ answer: { type: 'refused', why: '属地不明' } }],
    });
    await expectHears([citizen, [officer.phone]], [officer.phone, [citizen]]);

    await operator.desk.isInState('ready');
    await officer.desk.does('transfer:one-key:12345');
    const again = await isRung(operator);
    await operator.phone.answers();
    await becomes(operator.desk, again, ({ handOvers }) => handOvers[1]?.signed != null);
    await does(operator.desk, born, 'accept');
    await becomes(officer.desk, call.id, ({ owner }) => owner.hotline === '12345');
    await officer.desk.does('leave');
    await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
    await citizen.hangsUp();
  });

  test('danger: 110 dispatches first while 12345 owns it; three talk and do not agree: the first receiver keeps it', async () => {
    const officer = await police.phoneSeat('9001');
    const { taker: operator, citizen, call } = await talks(city, '12345', '8001');
    const born = await becomes(operator.desk, call.id);
    await operator.desk.does('mark');
    // Before anybody rings there.
    await until(async () => (await officer.desk.get(`/api/tickets/${born.key}`)).status === 200);
    const sent = await does(officer.desk, born, 'dispatch', { unit: '巡逻二组' });
    expect(sent).toMatchObject({ owner: at12345, fields: { danger: { life: true } } });
    await becomes(operator.desk, call.id, ({ dispatches }) => dispatches.length === 1);

    await operator.desk.does('transfer:three-way:110');
    const rung = await isRung(officer);
    await officer.phone.answers();
    await becomes(officer.desk, rung, ({ handOvers }) => handOvers[0]?.signed != null);
    await expectHears([citizen, [operator.phone, officer.phone]]);
    await does(officer.desk, born, 'outcome', { takes: null, call: call.key });
    const kept = await becomes(operator.desk, call.id, ({ handOvers }) => !!handOvers[0]?.answer);
    expect(kept).toMatchObject({
      ...{ owner: at12345, term: 1, dispatches: [{ unit: '巡逻二组' }] },
      handOvers: [{ answer: { how: 'not-agreed' } }],
    });
    await citizen.hangsUp();
  });

  test('nobody takes it at 110, or the trunk is dead: her voice is back, and the offer of her ticket undone', async () => {
    const officer = await police.phoneSeat('9001');
    const { taker: operator, citizen, call } = await talks(city, '12345', '8001');
    await operator.desk.does('transfer:one-key:110');
    await officer.phone.isRung();
    await officer.phone.refuses(486);
    await operator.desk.isTold('无人应答');
    const undone = (n: number) =>
      becomes(
        operator.desk,
        call.id,
        ({ handOvers }) => handOvers[n]?.answer?.type === 'withdrawn',
      );
    expect(await undone(0)).toMatchObject({ owner: at12345, term: 1 });
    await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);

    await operator.desk.does('transfer:one-key:122');
    await operator.desk.isAtStage('talking');
    expect(await undone(1)).toMatchObject({
      owner: at12345,
      handOvers: [{}, { to: { hotline: '122' } }],
    });
    await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
    await citizen.hangsUp();
  });

  test('the wire between the databases is cut: her voice goes over all the same, her ticket follows when it is back', async () => {
    const officer = await police.phoneSeat('9001');
    const { taker: operator, citizen, call } = await talks(city, '12345', '8001');
    await becomes(operator.desk, call.id);
    both.wireTo.police.mood = () => 'busy';
    await operator.desk.does('transfer:one-key:110');
    const rung = await isRung(officer);
    expect(await ticketOf(officer.desk, rung)).toBeUndefined();
    await officer.phone.answers();
    // 110 opens one of its own for whom no ticket comes within ten seconds.
    both.wireTo.police.mood = () => 'well';
    const come = await becomes(officer.desk, rung, ({ handOvers }) => handOvers[0]?.signed != null);
    await operator.desk.does('leave');
    await expectHears([citizen, [officer.phone]], [officer.phone, [citizen]]);
    await does(officer.desk, come, 'accept');
    await becomes(operator.desk, call.id, ({ owner }) => owner.hotline === '110');
    await citizen.hangsUp();
  });

  test('the database dies in the middle of a call: the key works as ever, and the ticket catches up', async () => {
    const officer = await police.phoneSeat('9001');
    const { taker: operator, citizen, call } = await talks(city, '12345', '8001');
    await becomes(operator.desk, call.id);
    const database = both.databases.city;
    await database.kill();
    await operator.desk.does('transfer:one-key:110');
    const rung = await isRung(officer);
    await officer.phone.answers();
    await operator.desk.isAtStage('talking');
    expect(await operator.desk.get(`/api/calls/${call.id}/tickets`)).toMatchObject({
      ...{ status: 503, body: { code: 'tickets-away' } },
    });
    expect(ticketsOf(city).behind).toBe(1);
    await database.revive();
    const come = await becomes(officer.desk, rung, ({ handOvers }) => handOvers[0]?.signed != null);
    expect(come).toMatchObject({ owner: at12345, fields: { caller: { number: '13800138000' } } });
    await expectHears(
      [citizen, [operator.phone, officer.phone]],
      [officer.phone, [citizen, operator.phone]],
    );
    await operator.desk.does('leave');
    await does(officer.desk, come, 'accept');
    await becomes(operator.desk, call.id, ({ owner }) => owner.hotline === '110');
    await citizen.hangsUp();
  });
});

describe('one deployment', () => {
  let database: GivenPostgres;
  let world: World;
  beforeAll(async () => {
    database = await startPostgres();
    world = await aWorld((config) => config, { databaseUrl: database.url });
    await until(() => ticketsOf(world).state === 'on');
  }, 120_000);
  afterEach(() => world.clear());
  afterAll(async () => {
    await world?.ends();
    await database?.stop();
  });

  test('both hotlines in one deployment: given up while it rings it is undone; answered and accepted it is theirs', async () => {
    const officer = await world.phoneSeat('9001');
    const { taker: operator, citizen, call } = await talks(world, '12345', '8001');
    await operator.desk.does('transfer:one-key:110');
    await officer.phone.isRung();
    const offered = await becomes(officer.desk, call.id, ({ handOvers }) => handOvers.length === 1);
    expect(offered).toMatchObject({ owner: { hotline: '12345' } });
    await operator.desk.does('cancel');
    await officer.phone.isCancelled();
    await becomes(
      operator.desk,
      call.id,
      ({ handOvers }) => handOvers[0]?.answer?.type === 'withdrawn',
    );

    await officer.desk.isInState('ready');
    await operator.desk.does('transfer:one-key:110');
    await officer.phone.isRung();
    await officer.phone.answers();
    await becomes(officer.desk, call.id, ({ handOvers }) => handOvers[1]?.signed != null);
    expect(await does(officer.desk, offered, 'accept')).toMatchObject({
      ...{ owner: { hotline: '110' }, term: 2 },
    });
    await operator.desk.does('leave');
    await expectHears([citizen, [officer.phone]], [officer.phone, [citizen]]);
    await citizen.hangsUp();
  });
});
