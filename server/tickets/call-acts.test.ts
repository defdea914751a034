import { aCaller, calls } from '../../tests/given/calls.ts';
import { city, police, rules } from '../../tests/given/ticket-town.ts';
import type { Call } from '../../telephony/call.ts';
import { after } from '../../tickets/after.ts';
import { decide, open } from '../../tickets/step.ts';
import type { Ticket } from '../../tickets/ticket.ts';
import { Refusal } from '../../kernel/errors.ts';
import { actsOf, mayCome, sightOf, type CallSight } from './call-acts.ts';

const at = { us: 'city', rules };
const sight = (call: Call, before?: Call): CallSight => {
  const found = sightOf(call, before);
  if (!found) throw new Error('of no concern');
  return found;
};

/** Its tickets after everything that these calls, one after the other, lead to. */
function lived(...seen: [call: Call, before?: Call][]): Ticket[] {
  let tickets: Ticket[] = [];
  let n = 0;
  for (const [call, before] of seen) {
    for (const act of actsOf(sight(call, before), tickets, at)) {
      const given = { now: 1000, by: act.by, newId: `t${(n += 1)}`, rules, key: `K${n}` };
      if ('open' in act) {
        const events = open(act.open, given);
        if (events instanceof Refusal) throw events;
        tickets = [...tickets, events.reduce<Ticket | undefined>(after, undefined) as Ticket];
      } else if ('ticket' in act) {
        const ticket = tickets.find(({ id }) => id === act.ticket) as Ticket;
        const events = decide(ticket, act.request, given);
        if (events instanceof Refusal) throw events;
        const then = events.reduce<Ticket>(after, ticket);
        tickets = tickets.map((one) => (one === ticket ? then : one));
      }
    }
  }
  return tickets;
}

const talks = calls.talking('a');
const rings = calls.transferring('one-key', 'a', '110');
const both = {
  ...calls.talking('a'),
  parties: [
    ...(talks.stage === 'talking' ? talks.parties : []),
    { role: 'peer', leg: 'X', peer: '110', since: 1 },
  ],
} as Call;

test('nothing comes of a call in which nobody has talked, of an exercise, and of a call-back that rings', () => {
  expect(sightOf({ ...calls.waiting(), firstTalkAt: null }, undefined)).toBeNull();
  expect(sightOf({ ...talks, drill: true }, undefined)).toBeNull();
  expect(sightOf(calls.callingBack('a'), undefined)).toBeNull();
  expect(actsOf(sight(calls.waiting('returned')), [], at)).toEqual([]);
});

test('born with the first operator who talks, with the number; told again nothing is added', () => {
  const [ticket, ...others] = lived([talks], [talks], [calls.talking('a', 'held'), talks]);
  expect(others).toEqual([]);
  expect(ticket).toMatchObject({
    owner: city,
    channel: 'call',
    fields: { caller: { number: '13900001111', withheld: false } },
    calls: [{ call: talks.key }],
    version: 2,
  });
});

test('a number that is none does not keep the ticket away', () => {
  const [ticket] = lived([{ ...talks, caller: aCaller({ number: '*31#' }) }]);
  expect(ticket?.fields.caller.number).toBeNull();
});

test('the key hands it over, once', () => {
  const [ticket] = lived([talks], [rings, talks], [rings, rings]);
  expect(ticket?.handOvers).toMatchObject([{ to: police, mode: 'voice', call: talks.key }]);
});

test('what is asked of somebody is not handed over, nor what goes where no tickets go', () => {
  const consult = calls.transferring('consult', 'a', '110');
  const elsewhere = calls.transferring('one-key', 'a', '120');
  expect(lived([talks], [consult], [elsewhere])[0]?.handOvers).toEqual([]);
});

test.each<[string, [Call, Call?][]]>([
  ['nobody answers', [[talks, rings]]],
  ['she hangs up while it rings', [[calls.ended(), rings]]],
])('%s: asked back', (_what, then) => {
  const [ticket] = lived([talks], [rings, talks], ...then);
  expect(ticket?.handOvers).toMatchObject([{ askedBack: { how: 'person' } }]);
});

test('answered: theirs to answer, also when the call is over', () => {
  const alone = { ...both, parties: 'parties' in both ? both.parties.slice(1) : [] } as Call;
  const [ticket] = lived(
    [talks],
    [rings, talks],
    [both, rings],
    [alone, both],
    [calls.ended(), alone],
  );
  expect(ticket?.handOvers).toMatchObject([{ askedBack: null, answer: null }]);
});

test('回访: reached or not, once; no second ticket is born of the call', () => {
  const talksBack = { ...talks, rungBy: 'a' } as Call;
  const rings = calls.ringingBack('a');
  expect(sightOf(rings, calls.ringingSeat('a'))).toBeNull();
  const over = { ...calls.ended(), rungBy: 'a' } as Call;
  const missed = lived([talks], [over, rings], [over, rings]);
  expect(missed).toMatchObject([{ callBacks: [{ reached: false, call: talks.key }] }]);
  const reached = lived([talks], [talksBack, rings], [talksBack], [over, talksBack]);
  expect(reached).toMatchObject([
    { callBacks: [{ reached: true, call: talks.key, by: { person: 'a' } }] },
  ]);
  expect(sightOf(calls.ended(), calls.callingBack('a'))).toBeNull();
});

test('好差评: what she pressed, or that she pressed nothing, once for each call', () => {
  const asked = calls.rating();
  const pressed = calls.rating(5);
  expect(sightOf(asked, talks)).toBeNull();
  const [none] = lived([talks], [calls.ended(), asked], [calls.ended(), asked]);
  expect(none?.satisfaction).toMatchObject({ score: null, how: 'key', call: talks.key });
  expect(none?.version).toBe(3);
  const [five] = lived([talks], [pressed, asked], [calls.ended(), pressed]);
  expect(five?.satisfaction).toMatchObject({ score: 5, how: 'key', by: { ...city, person: null } });
  expect(five?.version).toBe(3);
});

test('好差评: an offer by voice that waits for its answer is left alone', () => {
  const alone = { ...both, parties: 'parties' in both ? both.parties.slice(1) : [] } as Call;
  const [ticket] = lived([talks], [rings, talks], [both, rings], [alone, both], [calls.rating(4)]);
  expect(ticket?.handOvers).toMatchObject([{ askedBack: null, answer: null }]);
});

test('danger that is marked in the call is marked on the ticket', () => {
  const [ticket] = lived([talks], [{ ...talks, danger: true }, talks]);
  expect(ticket?.fields.danger.life).toBe(true);
});

test('the ticket of a call that was handed over to us is waited for', () => {
  const passedOnBy = [{ number: '110', reason: 'unconditional' }];
  const passed = sight({ ...talks, caller: aCaller({ passedOnBy }) });
  expect(mayCome(passed, [])).toBe(true);
  expect(mayCome(sight(talks), [])).toBe(false);
  expect(mayCome(passed, lived([talks]))).toBe(false);
});
