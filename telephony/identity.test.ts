import fc from 'fast-check';
import { aCaller, aTrunk, world } from '../tests/given/calls.ts';
import {
  carriageOn,
  nextAttempt,
  numberShownTo,
  readDiversion,
  readHistoryInfo,
  readKey,
  ringOn,
  type Caller,
} from './identity.ts';
import type { Trunk } from './trunk.ts';

const route = { trunk: 't', number: '119' };
const ring = (
  trunk: Trunk,
  caller: Caller,
  more: { key?: string; hotline?: string } = {},
  carry: 'citizen' | 'own' = 'citizen',
) => ringOn(trunk, route, { caller, hotline: '12345', key: 'key-0001', host: 'h', ...more }, carry);
const key = `${Buffer.from('key-0001').toString('hex')};encoding=hex`;

describe('whether her number is carried', () => {
  const yes = [true, false];
  const all = yes.flatMap((trusted) =>
    yes.flatMap((emergency) =>
      yes.flatMap((carriesForeignNumbers) =>
        yes.flatMap((withheld) =>
          ['13900001111', null].flatMap((number) =>
            (['citizen', 'own'] as const).map((carry) => ({
              trusted,
              emergency,
              carriesForeignNumbers,
              withheld,
              number,
              carry,
            })),
          ),
        ),
      ),
    ),
  );

  test.each(all)('%j', ({ carry, withheld, number, ...rules }) => {
    const trunk = aTrunk('t', { ...rules, passedOnBy: 'none' });
    const caller = aCaller({ number, withheld });
    const expected = (): [string, string | null, string | null] => {
      if (number === null) return ['anonymous', null, null];
      if (withheld && rules.emergency) return ['withheld-to-emergency', null, number];
      if (withheld) return ['anonymous', null, null];
      if (!rules.carriesForeignNumbers) return ['own-number', '02512345', '02512345'];
      // After a refusal she travels as the asserted number only (identity.md, flow 6).
      if (carry === 'own') return ['own-number', '02512345', number];
      return ['carried', number, number];
    };
    const [carriage, from, asserted] = expected();
    expect(carriageOn(trunk, caller, carry)).toBe(carriage);
    expect(ring(trunk, caller, {}, carry)).toEqual({
      trunk: 't',
      number: '119',
      callerNumber: from,
      headers: [
        ...(asserted === null ? [] : [['P-Asserted-Identity', `<sip:${asserted}@h>`]]),
        ...(withheld ? [['Privacy', 'id']] : []),
        ['User-to-User', key],
      ],
    });
  });

  test('a number that is none is not carried', () => {
    for (const number of ['', 'anonymous', '139 0000', '139\r\nX: y', '1'.repeat(33)]) {
      expect(carriageOn(aTrunk('t', { emergency: true }), aCaller({ number }), 'citizen')).toBe(
        'anonymous',
      );
    }
  });

  test('seats of an emergency line see a withheld number, others do not', () => {
    const call = { caller: aCaller({ withheld: true }) };
    expect(numberShownTo(call, world.hotlines['110'])).toBe('13900001111');
    expect(numberShownTo(call, world.hotlines['12345'])).toBeNull();
    expect(numberShownTo(call, undefined)).toBeNull();
  });
});

describe('who passed her on', () => {
  const passedOnBy = [
    { number: '0251101', reason: 'user-busy' },
    { number: '#110*', reason: 'x;y=1' },
  ];

  test('two hops before us, nearest first in Diversion, oldest first in History-Info', () => {
    expect(ring(aTrunk('t'), aCaller({ passedOnBy })).headers.slice(1, -1)).toEqual([
      ['Diversion', '<sip:12345@h>;reason=deflection;counter=1'],
      ['Diversion', '<sip:0251101@h>;reason=user-busy;counter=1'],
      ['Diversion', '<sip:%23110*@h>;reason=unknown;counter=1'],
      ['History-Info', '<sip:%23110*@h>;index=1'],
      ['History-Info', '<sip:0251101@h;cause=480>;index=1.1'],
      ['History-Info', '<sip:12345@h;cause=480>;index=1.1.1'],
      ['History-Info', '<sip:119@h;cause=480>;index=1.1.1.1'],
    ]);
  });

  test('what we write, the next of us reads', () => {
    const { headers } = ring(aTrunk('t'), aCaller({ passedOnBy }));
    const values = (name: string) =>
      headers.filter(([one]) => one === name).map(([, value]) => value);
    const numbers = ['12345', '0251101', '#110*'];
    expect(readDiversion(values('Diversion')).map(({ number }) => number)).toEqual(numbers);
    expect(readHistoryInfo(values('History-Info')).map(({ number }) => number)).toEqual(numbers);
    expect(values('User-to-User').map(readKey)).toEqual(['key-0001']);
  });

  test('Diversion as carriers write it', () => {
    expect(
      readDiversion([
        '"Desk, \\"one\\" <sip:1@x>" <sip:02512345@10.0.0.1:5060;user=phone>;reason="user-busy";privacy=off, <tel:+8625110>;counter=1',
      ]),
    ).toEqual([
      { number: '02512345', reason: 'user-busy' },
      { number: '+8625110', reason: 'unknown' },
    ]);
    expect(readDiversion(['sip:110@h;reason=no-answer', '<sip:x@h>', '', ',,'])).toEqual([
      { number: '110', reason: 'no-answer' },
    ]);
  });

  test('History-Info leaves out its last entry, which is us, readable or not', () => {
    const values = [
      '<sip:1101@h>;index=1, <sip:1102@h?Reason=SIP%3Bcause%3D302>;index=1.1',
      '<sip:desk@h>;index=1.2',
    ];
    expect(readHistoryInfo(values).map(({ number }) => number)).toEqual(['1102', '1101']);
    expect(readHistoryInfo([])).toEqual([]);
  });

  test('hostile values neither crash nor take long nor come out again', () => {
    const many = 100_000;
    const hostile = [
      '"',
      '<',
      '\\',
      '"\\',
      '<"',
      ',',
      ';',
      '; ',
      ';reason=',
      'sip:',
      '<sip:1',
      'a=',
      '“',
      '\r\n',
      '\0',
    ].flatMap((part) => [
      part.repeat(many),
      `<sip:110@h>;${part.repeat(many)}`,
      `"${part.repeat(many)}`,
    ]);
    const began = performance.now();
    for (const value of hostile) {
      for (const { number, reason } of [...readDiversion([value]), ...readHistoryInfo([value])]) {
        expect(number).toMatch(/^\+?[0-9*#]{1,32}$/);
        expect(reason).toMatch(/^[a-z-]{1,32}$/i);
      }
      expect(readKey(value)).toBeNull();
    }
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(readDiversion([`<sip:110@h>,`.repeat(1_000)])).toHaveLength(10);
  });
});

test.each([
  ['6b65792d30303031;encoding=hex', 'key-0001'],
  ['6B65792D30303031 ; Encoding=HEX;purpose=x', 'key-0001'],
  ['key-0001', 'key-0001'],
  ['short', null],
  ['zz-not-hex;encoding=hex', 'zz-not-hex'],
  ['0d0a0d0a0d0a0d0a0d0a;encoding=hex', null],
  ['工单工单工单工单', null],
  ['key-0001\r\nVia: x', null],
  ['', null],
])('the key in %j is %j', (value, expected) => {
  expect(readKey(value)).toBe(expected);
});

describe('what is tried next', () => {
  const peer = world.peers['119']!;
  const next = (
    route: number,
    carry: 'citizen' | 'own',
    numberRefused: boolean,
    caller = aCaller(),
    trunks = world.trunks,
  ) => nextAttempt(peer, trunks, { route, carry }, { numberRefused, caller });

  test('our own number once, then the next route with hers, then nothing', () => {
    expect(next(0, 'citizen', true)).toEqual({ route: 0, carry: 'own' });
    expect(next(0, 'own', true)).toEqual({ route: 1, carry: 'citizen' });
    expect(next(0, 'citizen', false)).toEqual({ route: 1, carry: 'citizen' });
    expect(next(1, 'citizen', true)).toEqual({ route: 1, carry: 'own' });
    expect(next(1, 'own', true)).toBeNull();
    expect(next(1, 'citizen', false)).toBeNull();
  });

  test('no retry where her number did not go out', () => {
    expect(next(0, 'citizen', true, aCaller({ withheld: true }))).toEqual({
      route: 1,
      carry: 'citizen',
    });
    expect(next(0, 'citizen', true, aCaller({ number: null }))).toEqual({
      route: 1,
      carry: 'citizen',
    });
    const t1 = aTrunk('t1', { carriesForeignNumbers: false });
    expect(next(0, 'citizen', true, aCaller(), { ...world.trunks, t1 })).toEqual({
      route: 1,
      carry: 'citizen',
    });
    expect(next(0, 'citizen', true, aCaller(), {})).toEqual({ route: 1, carry: 'citizen' });
  });
});

describe('whatever comes in', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\r\nFrom: <sip:1@x>', '"<>;,\\', '1\n2'),
  );
  const anyTrunk = fc.record({
    emergency: fc.boolean(),
    carriesForeignNumbers: fc.boolean(),
    passedOnBy: fc.constantFrom('diversion', 'history-info', 'both', 'none'),
  });

  test('no header has a line break, and nothing but numbers stands in its addresses', () => {
    const hops = fc.array(fc.record({ number: fc.oneof(text, fc.constant('110')), reason: text }));
    fc.assert(
      fc.property(
        anyTrunk,
        text,
        fc.boolean(),
        hops,
        text,
        (rules, number, withheld, passedOnBy, key) => {
          const { headers, callerNumber } = ring(
            aTrunk('t', rules),
            aCaller({ number, withheld, passedOnBy }),
            { key },
          );
          for (const [, value] of headers) {
            expect(value).not.toMatch(/[\r\n\0]/);
            for (const [, user] of value.matchAll(/<sip:([^>]*?)@h/g))
              expect(user).toMatch(/^\+?([0-9*]|%23)+$/);
          }
          expect(callerNumber ?? '0').toMatch(/^\+?[0-9*#]{1,32}$/);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('a withheld number reaches emergency trunks only: it is in no value for another, however it was written', () => {
    const digit = fc.constantFrom(...'0123456789');
    const number = fc
      .string({ unit: digit, minLength: 7, maxLength: 13 })
      .filter((one) => !'0251234512345119'.includes(one));
    const written = (one: string) =>
      fc.constantFrom(
        one,
        `+86${one}`,
        `0${one}`,
        `86${one}`,
        one.slice(-7),
        one.slice(-8),
        '110',
        '02566',
      );
    const lives = number.chain((one) =>
      fc.record({
        number: fc.constantFrom(one, `+86${one}`, `0${one}`),
        bare: fc.constant(one),
        hops: fc.array(
          fc.record({
            number: written(one),
            reason: fc.oneof(fc.constant('deflection'), written(one)),
          }),
          { maxLength: 4 },
        ),
        key: fc.oneof(
          fc.constant('key-abcd'),
          fc.constant(`k:${one}`),
          fc.constant(`${one.slice(0, 3)}-${one.slice(3)}-x`),
        ),
      }),
    );
    fc.assert(
      fc.property(anyTrunk, lives, fc.constantFrom('citizen', 'own'), (rules, life, carry) => {
        const trunk = aTrunk('t', { ...rules, emergency: false });
        const caller = aCaller({ number: life.number, withheld: true, passedOnBy: life.hops });
        const { headers, callerNumber } = ring(
          trunk,
          caller,
          { key: life.key },
          carry as 'citizen',
        );
        expect(callerNumber).toBeNull();
        expect(headers.some(([name]) => name === 'P-Asserted-Identity')).toBe(false);
        expect(headers).toContainEqual(['Privacy', 'id']);
        for (const [name, value] of headers) {
          const said =
            name === 'User-to-User'
              ? Buffer.from(value.split(';')[0] ?? '', 'hex').toString()
              : value;
          for (const user of name === 'User-to-User'
            ? [said]
            : [...said.matchAll(/sip:([^@]*)@/g)].map(([, one]) => one ?? '')) {
            expect(user.replace(/\D/g, '')).not.toContain(life.bare.slice(-7));
          }
          expect(said).not.toContain(life.bare);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
