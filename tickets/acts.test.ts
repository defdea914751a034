import { actsFor, type Act } from './acts.ts';
import { decide } from './step.ts';
import type { Holder } from './ticket.ts';
import { city, police, Town, water } from '../tests/given/ticket-town.ts';
import { Refusal } from '../kernel/errors.ts';

const town = new Town();
const nameOf = ({ request }: Act): string =>
  [request.type, 'to' in request ? request.to : 'outcome' in request ? request.outcome : '']
    .map((one) => (typeof one === 'object' ? one.hotline : one))
    .filter(Boolean)
    .join(':');

function acts(by: Holder, id: string, person = 'li') {
  const copy = town.copy(by.deployment, id);
  if (!copy) throw new Error('no copy there');
  const given = town.given(by, person);
  const all = actsFor(copy.ticket, given);
  // What is shown as allowed is what would be done.
  for (const { request, refusal } of all) {
    expect([request.type, decide(copy.ticket, request, given) instanceof Refusal]).toEqual([
      request.type,
      refusal !== null,
    ]);
  }
  const named = (allowed: boolean) =>
    all.filter(({ refusal }) => (refusal === null) === allowed).map(nameOf);
  return { may: named(true), not: named(false), all };
}

test('its owner hands it over, moves it on, and sends somebody', () => {
  const id = town.opens(city);
  expect(acts(city, id).may).toEqual([
    ...['hand-over:water', 'hand-over:110', 'hand-over:119'],
    ...['move:approval', 'move:handling', 'move:replied'],
    ...['feedback', 'dispatch', 'report-up'],
  ]);
  expect(acts(city, id).not).toEqual(['move:archived']);
});

test('to whom it is offered accepts or refuses; its owner may only ask for it back', () => {
  const id = town.opens(city);
  town.asks(city, id, { type: 'hand-over', to: water, mode: 'system', call: null, why: '管网' });
  expect(acts(water, id).may.slice(0, 3)).toEqual(['accept', 'refuse', 'sign']);
  expect(acts(city, id).may).toContain('ask-withdrawal');
  expect(acts(city, id).not).toContain('move:replied');
  town.asks(water, id, { type: 'refuse', why: '不归我们' });
  expect(acts(city, id).may).toContain('ask-review');
});

test('while a call is with both sides, either may write down what it came to', () => {
  const id = town.opens(city);
  const voice = { mode: 'voice', call: 'k1', why: '警情' } as const;
  town.asks(city, id, { type: 'hand-over', to: water, ...voice });
  for (const side of [city, water]) {
    expect(acts(side, id).may.filter((name) => name.startsWith('outcome'))).toHaveLength(3);
  }
});

test('a review is for somebody else than who asked for it, and says so', () => {
  const id = town.opens(city);
  town.asks(city, id, { type: 'hand-over', to: water, mode: 'system', call: null, why: '管网' });
  town.asks(water, id, { type: 'refuse', why: '不归我们' });
  town.asks(city, id, { type: 'ask-review', why: '归你们' });
  expect(acts(city, id, 'li').not).toContain('review:overturned');
  expect(
    acts(city, id, 'li').all.find((one) => nameOf(one) === 'review:upheld')?.refusal?.words.zh,
  ).toMatch(/提出人以外/);
  expect(acts(city, id, 'wang').may).toEqual(expect.arrayContaining(['review:overturned']));
});

test('who has nothing to do with it is refused everything', () => {
  const id = town.opens(city);
  expect(acts(police, townCopyFor(id)).may).toEqual([]);
});

/** Police read the city's copy, as one deployment with both hotlines does. */
function townCopyFor(id: string): string {
  const copy = town.copy(city.deployment, id);
  if (copy) town.copies.get(police.deployment)?.set(id, copy);
  return id;
}
