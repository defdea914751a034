import fc from 'fast-check';
import type { Open, Request } from '../../tickets/requests.ts';
import { levels, states, type Holder } from '../../tickets/ticket.ts';

/** What may happen to tickets in a town, in any order. */

export type Step =
  | { readonly do: 'open'; readonly who: number; readonly withheld: boolean }
  | {
      readonly do: 'ask';
      readonly who: number;
      readonly ticket: number;
      readonly request: Exclude<Request, Open>;
      readonly person: string;
    }
  | { readonly do: 'deliver'; readonly line: number; readonly again: boolean }
  | { readonly do: 'itself' | 'restart'; readonly who: number; readonly ticket: number }
  | { readonly do: 'merge'; readonly ticket: number; readonly into: number }
  | { readonly do: 'pass'; readonly minutes: number };

const nth = fc.nat(1000);
const bool = fc.boolean();

const requests = (holders: readonly Holder[]): fc.Arbitrary<Exclude<Request, Open>> => {
  const holder = fc.constantFrom(...holders);
  const why = fc.constantFrom('a', 'b');
  const call = fc.constantFrom(null, 'c1');
  const always = <T extends Exclude<Request, Open>>(request: T) => fc.constant(request);
  const owning: fc.Arbitrary<Exclude<Request, Open>> = fc.oneof(
    fc.record({
      type: fc.constant('hand-over' as const),
      to: holder,
      mode: fc.constantFrom('voice' as const, 'system' as const),
      call,
      why,
    }),
    { arbitrary: always({ type: 'accept' }), weight: 3 },
    fc.record({ type: fc.constant('refuse' as const), why }),
    fc.record({ type: fc.constant('ask-withdrawal' as const), why }),
    always({ type: 'agree-to-withdrawal' }),
    always({ type: 'sign' }),
    fc.record({ type: fc.constant('ask-review' as const), why }),
    fc.record({
      type: fc.constant('review' as const),
      outcome: fc.constantFrom('upheld' as const, 'overturned' as const),
      why,
    }),
    fc.record({
      type: fc.constant('outcome' as const),
      takes: fc.option(holder, { freq: 1 }),
      call,
    }),
  );
  const others: fc.Arbitrary<Exclude<Request, Open>> = fc.oneof(
    fc.record({
      type: fc.constant('edit' as const),
      fields: fc.record(
        {
          asked: fc.constantFrom('x', 'y', 'z'),
          urgency: fc.constantFrom('normal' as const, 'urgent' as const),
          matter: fc.constantFrom(null, '0101', '0102'),
          caller: fc.record({
            number: fc.constantFrom(null, '13800000001', '13800000002'),
            name: fc.constantFrom(null, 'Wu'),
            withheld: bool,
          }),
        },
        { requiredKeys: [] },
      ),
    }),
    fc.record({
      type: fc.constant('mark-danger' as const),
      danger: fc.record({ life: bool, property: bool, publicSafety: bool }),
    }),
    fc.record({ type: fc.constant('set-level' as const), level: fc.constantFrom(...levels), why }),
    fc.record({ type: fc.constant('social-resources' as const), needed: bool }),
    fc.record({ type: fc.constant('notify' as const), to: holder }),
    fc.record({
      type: fc.constant('dispatch' as const),
      unit: fc.constant('patrol'),
      organisation: fc.constantFrom(null, 'lamps'),
      words: fc.constant(''),
    }),
    fc.record({
      type: fc.constant('feedback' as const),
      words: fc.constant('seen to'),
      dispatch: fc.constant(null),
      final: bool,
    }),
    fc.record({ type: fc.constant('move' as const), to: fc.constantFrom(...states), why }),
    fc.record({ type: fc.constant('urge' as const), words: why }),
    fc.record({ type: fc.constant('link-call' as const), call: fc.constantFrom('c1', 'c2') }),
    fc.record({
      type: fc.constant('link' as const),
      other: fc.constantFrom('K-1', 'K-2'),
      why: fc.constantFrom('repeat' as const, 'related' as const),
    }),
    fc.record({ type: fc.constant('unlink' as const), other: fc.constantFrom('K-1', 'K-2') }),
    fc.record({
      type: fc.constant('rate' as const),
      score: fc.constantFrom(1 as const, 5 as const, null),
      how: fc.constant('key' as const),
      call: fc.constantFrom('call-1', null),
    }),
    always({ type: 'see', what: 'ticket' }),
  );
  return fc.oneof({ arbitrary: owning, weight: 2 }, { arbitrary: others, weight: 1 });
};

export const steps = (holders: readonly Holder[]): fc.Arbitrary<Step[]> => {
  const one: fc.Arbitrary<Step> = fc.oneof(
    {
      arbitrary: fc.record({ do: fc.constant('open' as const), who: nth, withheld: bool }),
      weight: 1,
    },
    {
      arbitrary: fc.record({
        do: fc.constant('ask' as const),
        who: nth,
        ticket: nth,
        request: requests(holders),
        person: fc.constantFrom('li', 'wang'),
      }),
      weight: 16,
    },
    {
      arbitrary: fc.record({
        do: fc.constant('deliver' as const),
        line: nth,
        again: fc.nat(4).map((n) => n === 0),
      }),
      weight: 12,
    },
    {
      arbitrary: fc.record({
        do: fc.constantFrom('itself' as const, 'restart' as const),
        who: nth,
        ticket: nth,
      }),
      weight: 2,
    },
    {
      arbitrary: fc.record({ do: fc.constant('merge' as const), ticket: nth, into: nth }),
      weight: 1,
    },
    { arbitrary: fc.record({ do: fc.constant('pass' as const), minutes: fc.nat(40) }), weight: 2 },
  );
  return fc.array(one, { minLength: 40, maxLength: 120, size: 'max' });
};
