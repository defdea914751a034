import type { Clock } from '../kernel/clock.ts';
import { Dispatcher } from './dispatcher.ts';
import { aQueue, aWant } from './hall.ts';
import type { Choice } from './seats.ts';

/** A clock that is moved by hand. */
class HandClock implements Clock {
  #now = 100_000;
  #due: { readonly at: number; readonly then: () => void }[] = [];

  now = (): number => this.#now;

  after(ms: number, then: () => void): () => void {
    const one = { at: this.#now + ms, then };
    this.#due.push(one);
    return () => (this.#due = this.#due.filter((other) => other !== one));
  }

  passes(ms: number): void {
    this.#now += ms;
    const due = this.#due.filter(({ at }) => at <= this.#now);
    this.#due = this.#due.filter(({ at }) => at > this.#now);
    for (const { then } of due) then();
  }

  get waitingFor(): number {
    return this.#due.length;
  }
}

test('seats come and go while callers wait; a group opens at its time; everybody is told', () => {
  const clock = new HandClock();
  const chosen: Choice[] = [];
  const changes: string[][] = [];
  const reach = [{ group: 'site:suzhou', preference: 3 as const, afterMs: 20_000, not: [] }];
  const dispatcher = new Dispatcher({
    clock,
    seats: [],
    queues: [aQueue({ reach })],
    onChosen: (choice) => chosen.push(choice),
    onHopeless: (call) => expect(call).toBe('none is a transfer'),
    onChange: (seats) => changes.push([...seats]),
  });
  dispatcher.happened({ type: 'wanted', want: aWant('a') });
  dispatcher.happened({ type: 'wanted', want: aWant('b', { since: 100_001 }) });
  const seat = 'suzhou.1';
  dispatcher.happened({
    type: 'seatAdded',
    seat: { id: seat, groups: ['site:suzhou'], skills: [] },
  });
  expect(changes.at(-1)).toEqual([seat]);
  dispatcher.happened({ type: 'signedIn', seat });
  dispatcher.happened({ type: 'line', seat, up: true });
  dispatcher.happened({ type: 'ready', seat });
  expect(chosen).toEqual([]);
  expect(dispatcher.place('b')).toEqual({ ahead: 1, estimateMs: null });
  clock.passes(20_001);
  expect(chosen).toEqual([{ call: 'a', seat }]);
  expect(dispatcher.wants()).toMatchObject([
    { call: 'a', offeredTo: seat },
    { call: 'b', offeredTo: null },
  ]);

  dispatcher.happened({ type: 'talking', seat });
  expect(dispatcher.load('12345')?.spans).toMatchObject([{ arrivals: 2, answered: 1 }]);
  expect(dispatcher.place('b')).toEqual({ ahead: 0, estimateMs: 20_001 });
  dispatcher.happened({ type: 'seatRemoved', seat });
  expect(dispatcher.seats()).toMatchObject([{ id: seat, state: 'talking', leaving: true }]);
  dispatcher.happened({ type: 'free', seat, after: 'talk', wrapUpMs: 5_000 });
  expect(changes.at(-1)).toEqual([seat]);
  expect(dispatcher.seats()).toEqual([]);
  expect([clock.waitingFor, chosen.length]).toEqual([0, 1]);
});
