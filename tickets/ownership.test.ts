import { city, fire, police, Town, water } from '../tests/given/ticket-town.ts';
import { byItself } from './ownership.ts';
import type { Open, Request } from './requests.ts';
import { underWay, type Holder, type Ticket } from './ticket.ts';

type Asked = Exclude<Request, Open>;

const toPolice = { type: 'hand-over', to: police, mode: 'voice', call: 'c1', why: '打架' } as const;

/** A ticket of the city's line, offered to the police, which has heard of it unless the wire is slow. */
function offered(arrives = true): { town: Town; id: string } {
  const town = new Town({ police: 3_600_000 });
  const id = town.opens(city);
  expect(town.asks(city, id, toPolice)).toBeUndefined();
  if (arrives) all(town);
  return { town, id };
}

const all = (town: Town): void => {
  for (let [line] = town.waiting(); line; [line] = town.waiting()) town.delivers(line);
};
const at = (town: Town, { deployment }: Holder, id: string): Ticket => {
  const copy = town.copy(deployment, id);
  if (!copy) throw new Error('no copy');
  return copy.ticket;
};
const code = (town: Town, by: Holder, id: string, request: Asked): string | undefined =>
  town.asks(by, id, request)?.code;
const itself = (town: Town, { deployment }: Holder, id: string): void => {
  const does = byItself(at(town, { deployment, hotline: '' }, id), deployment);
  if (!does) throw new Error('does nothing');
  expect(town.asks(does.by, id, does.request as Asked, null)).toBeUndefined();
};

test('who receives it first owns it until the other side accepts', () => {
  const { town, id } = offered();
  for (const one of [city, police])
    expect(at(town, one, id)).toMatchObject({ owner: city, term: 1 });
  expect(code(town, police, id, { type: 'accept' })).toBeUndefined();
  all(town);
  for (const one of [city, police]) {
    expect(at(town, one, id)).toMatchObject({ owner: police, term: 2, firstReceiver: city });
  }
});

test('from the offer to its answer the other side decides', () => {
  const { town, id } = offered();
  expect(code(town, city, id, toPolice)).toBe('hand-over-under-way');
  expect(code(town, city, id, { type: 'accept' })).toBe('not-offered-to-you');
  expect(code(town, city, id, { type: 'refuse', why: 'x' })).toBe('not-offered-to-you');
  expect(code(town, city, id, { type: 'agree-to-withdrawal' })).toBe('not-offered-to-you');
  expect(code(town, police, id, { type: 'agree-to-withdrawal' })).toBe('not-asked-back');
  expect(code(town, police, id, { type: 'ask-withdrawal', why: 'x' })).toBe('not-owner');
  expect(code(town, city, id, { type: 'move', to: 'replied', why: '' })).toBe(
    'hand-over-under-way',
  );
});

test('a hand-over must be to somebody, with a reason, and without a call with the required answers', () => {
  const town = new Town();
  const id = town.opens(city, { fields: { matter: '0101' } });
  const system = { ...toPolice, mode: 'system' } as const;
  expect(code(town, city, id, { ...toPolice, to: city })).toBe('own-hotline');
  expect(code(town, city, id, { ...toPolice, to: { ...police, hotline: '911' } })).toBe(
    'unknown-hotline',
  );
  expect(code(town, city, id, { ...toPolice, why: ' ' })).toBe('why-missing');
  expect(code(town, water, id, toPolice)).toBe('not-owner');
  expect(code(town, city, id, system)).toBe('answers-missing');
  expect(
    town.asks(city, id, { type: 'edit', fields: {}, answers: { since: '昨晚' } }),
  ).toBeUndefined();
  expect(code(town, city, id, system)).toBeUndefined();
});

test('with a call, or where there is danger, nothing is required first', () => {
  const town = new Town();
  const [one, other] = [1, 2].map(() => town.opens(city, { fields: { matter: '0101' } }));
  expect(code(town, city, one as string, toPolice)).toBeUndefined();
  const danger = { life: true, property: false, publicSafety: false };
  town.asks(city, other as string, { type: 'mark-danger', danger });
  expect(code(town, city, other as string, { ...toPolice, mode: 'system' })).toBeUndefined();
});

describe('what crosses on the wire', () => {
  test('he asks for it back while the other side accepts: it is accepted', () => {
    const { town, id } = offered();
    expect(code(town, city, id, { type: 'ask-withdrawal', why: '误按' })).toBeUndefined();
    expect(code(town, police, id, { type: 'accept' })).toBeUndefined();
    all(town);
    for (const one of [city, police]) {
      const ticket = at(town, one, id);
      expect(ticket).toMatchObject({ owner: police, term: 2 });
      expect(ticket.handOvers[0]).toMatchObject({ askedBack: { why: '误按' } });
      expect(byItself(ticket, one.deployment)).toBeUndefined();
    }
  });

  test('he asks for it back while the other side refuses: he keeps it', () => {
    const { town, id } = offered();
    town.asks(city, id, { type: 'ask-withdrawal', why: '误按' });
    town.asks(police, id, { type: 'refuse', why: '非警务' });
    all(town);
    for (const one of [city, police]) {
      expect(at(town, one, id)).toMatchObject({ owner: city, term: 1 });
      expect(underWay(at(town, one, id))).toBeUndefined();
    }
    expect(code(town, city, id, toPolice)).toBeUndefined();
  });

  test('nobody has answered when it is asked back: the other side gives it back by itself', () => {
    const { town, id } = offered();
    town.asks(city, id, { type: 'ask-withdrawal', why: '市民挂机' });
    expect(code(town, city, id, { type: 'ask-withdrawal', why: 'again' })).toBe('asked-already');
    all(town);
    itself(town, police, id);
    expect(code(town, police, id, { type: 'accept' })).toBe('nothing-offered');
    all(town);
    expect(at(town, city, id).handOvers[0]?.answer?.type).toBe('withdrawn');
    expect(at(town, city, id)).toMatchObject({ owner: city, term: 1 });
  });

  test('danger is marked on both sides, before the offer has even arrived', () => {
    const { town, id } = offered(false);
    const danger = { life: true, property: false, publicSafety: false };
    expect(code(town, city, id, { type: 'mark-danger', danger })).toBeUndefined();
    all(town);
    expect(at(town, police, id).fields.danger).toEqual(danger);
    const sent = { type: 'dispatch', unit: '巡警', organisation: null, words: '' } as const;
    expect(code(town, police, id, sent)).toBeUndefined();
    expect(at(town, police, id)).toMatchObject({ owner: city, dispatches: [{ unit: '巡警' }] });
  });

  test('the old owner moves the state while the new one begins anew: the new one counts', () => {
    const { town, id } = offered();
    town.asks(police, id, { type: 'accept' });
    for (const words of ['a', 'b', 'c']) town.asks(city, id, { type: 'urge', words });
    town.asks(city, id, { type: 'move', to: 'handling', why: '' });
    all(town);
    for (const one of [city, police]) expect(at(town, one, id).state).toBe('accepted');
  });

  test('both type into one field: both copies have the later value, and the other’s other field', () => {
    const { town, id } = offered();
    town.asks(city, id, { type: 'edit', fields: { asked: '城市' } });
    town.asks(police, id, { type: 'edit', fields: { asked: '警察', urgency: 'urgent' } });
    town.asks(city, id, { type: 'edit', fields: { place: { text: '东门', division: '510104' } } });
    all(town);
    const [one, other] = [city, police].map((holder) => at(town, holder, id).fields);
    expect(one).toEqual(other);
    expect(one).toMatchObject({ urgency: 'urgent', place: { text: '东门' } });
  });
});

describe('refusals', () => {
  test('a refusal has a reason; put to review and overturned, the next offer must be taken', () => {
    const { town, id } = offered();
    expect(code(town, police, id, { type: 'refuse', why: '' })).toBe('why-missing');
    town.asks(police, id, { type: 'refuse', why: '非警务' });
    all(town);
    const asks = { type: 'ask-review', why: '涉及打架' } as const;
    const overturned = { type: 'review', outcome: 'overturned', why: '属110' } as const;
    expect(code(town, city, id, overturned)).toBe('no-review');
    expect(code(town, police, id, asks)).toBe('not-owner');
    expect(code(town, city, id, asks)).toBeUndefined();
    expect(code(town, city, id, overturned)).toBe('review-by-another');
    expect(town.asks(city, id, overturned, 'manager')).toBeUndefined();
    town.asks(city, id, toPolice);
    all(town);
    expect(code(town, police, id, { type: 'refuse', why: 'again' })).toBe('must-take');
    itself(town, police, id);
    all(town);
    expect(at(town, city, id)).toMatchObject({ owner: police, term: 2 });
  });

  test('upheld, it may be refused again; what was accepted cannot be reviewed', () => {
    const { town, id } = offered();
    expect(code(town, city, id, { type: 'ask-review', why: 'x' })).toBe('not-refused');
    town.asks(police, id, { type: 'refuse', why: '非警务' });
    all(town);
    town.asks(city, id, { type: 'ask-review', why: 'x' });
    town.asks(city, id, { type: 'review', outcome: 'upheld', why: 'y' }, 'manager');
    town.asks(city, id, toPolice);
    all(town);
    expect(code(town, police, id, { type: 'refuse', why: '仍非警务' })).toBeUndefined();
  });
});

describe('how a three-way call ends', () => {
  const outcome = (takes: Holder | null) => ({ type: 'outcome', takes, call: 'c1' }) as const;

  test('110 takes it: said there, it is accepted at once', () => {
    const { town, id } = offered();
    expect(code(town, police, id, outcome(police))).toBeUndefined();
    all(town);
    expect(at(town, city, id)).toMatchObject({
      owner: police,
      term: 2,
      outcomes: [{ takes: police }],
    });
  });

  test('12345 keeps it: said there, it is refused; said here, it is asked back', () => {
    const one = offered();
    one.town.asks(police, one.id, outcome(city));
    all(one.town);
    expect(at(one.town, city, one.id).handOvers[0]?.answer).toMatchObject({
      type: 'refused',
      how: 'agreed',
    });
    const two = offered();
    two.town.asks(city, two.id, outcome(city));
    all(two.town);
    itself(two.town, police, two.id);
    all(two.town);
    expect(at(two.town, city, two.id)).toMatchObject({ owner: city, term: 1 });
  });

  test('both say at once that 110 takes it: one owner, two words', () => {
    const { town, id } = offered();
    town.asks(city, id, outcome(police));
    town.asks(police, id, outcome(police));
    all(town);
    for (const one of [city, police]) {
      expect(at(town, one, id)).toMatchObject({ owner: police, term: 2 });
      expect(at(town, one, id).outcomes).toHaveLength(2);
    }
  });

  test('not agreed: the first receiver has it, who may be neither of the two', () => {
    const { town, id } = offered();
    town.asks(police, id, { type: 'accept' });
    town.asks(police, id, { ...toPolice, to: fire });
    all(town);
    expect(code(town, fire, id, outcome(null))).toBeUndefined();
    all(town);
    itself(town, police, id);
    all(town);
    expect(underWay(at(town, city, id))).toMatchObject({ to: city, mustTake: true });
    itself(town, city, id);
    all(town);
    for (const one of [city, police, fire]) {
      expect(at(town, one, id)).toMatchObject({ owner: city, term: 3 });
    }
  });

  test('not agreed when it is offered to the first receiver: he takes it', () => {
    const { town, id } = offered();
    town.asks(police, id, { type: 'accept' });
    town.asks(police, id, { ...toPolice, to: city });
    all(town);
    town.asks(city, id, outcome(null));
    all(town);
    expect(at(town, police, id)).toMatchObject({ owner: city, term: 3 });
  });

  test('who is in no three-way call has no say', () => {
    const { town, id } = offered();
    expect(code(town, water, id, outcome(water))).toBe('not-a-party');
  });
});

test('inside one deployment the same hand-over runs without a wire', () => {
  const town = new Town();
  const id = town.opens(city);
  town.asks(city, id, { ...toPolice, to: water });
  expect(town.waiting()).toEqual([]);
  expect(code(town, water, id, { type: 'accept' })).toBeUndefined();
  expect(at(town, city, id)).toMatchObject({ owner: water, term: 2 });
  expect(code(town, water, id, { type: 'accept' })).toBe('already-accepted');
});
