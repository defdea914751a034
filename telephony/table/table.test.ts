import { Refusal } from '../../kernel/errors.ts';
import type { Call } from '../call.ts';
import { aCaller, calls, picture, rung, short } from '../../tests/given/calls.ts';
import { cell, linesOf, sorted } from '../../tests/given/pictures.ts';
import type { Column } from './cells.ts';
import { situationOf, table, targetLeg, type Situation } from './table.ts';

/**
 * The whole call table as pictures. A line reads: what happens (several may share a line) | the call afterwards |
 * the orders, in any order. `.` is an unchanged call, `!` a refusal. a and b are seats with browsers on legs A and B
 * (b at 110), p and q seats with phones, C the citizen, T the target while it is rung. a is who started the transfer.
 */
const out = 'part A, no leave timer A, free a';

const pictures: [Call, string][] = [
  [
    calls.welcoming(),
    `callerGone                          | ended caller-left | close
     promptEnded                         | waiting 12345     | music C, seek 12345 arrival
     seatChosen                          | .                 | spare n
     noSeat targetRinging targetAnswered targetGone targetSilent seekSilent | .
     initiatorGone partyGone leaveDue stranger | .
     answer refuse                       | !not-offered
     hold resume mute unmute transfer drop leave hangUp | !not-talking-yet
     cancel merge complete takeBack      | !no-transfer`,
  ],
  [
    calls.waiting(),
    `callerGone                          | ended caller-left | seek no more, close
     seatChosen                          | offered n         | alert N, offer timer N 20
     seatChosen:q                        | offered q         | phone c1.seat-q.1, offer timer c1.seat-q.1 20
     promptEnded noSeat targetRinging targetAnswered targetGone targetSilent seekSilent | .
     initiatorGone partyGone leaveDue stranger | .
     answer refuse                       | !not-offered
     hold resume mute unmute transfer drop leave hangUp | !not-talking-yet
     cancel merge complete takeBack      | !no-transfer`,
  ],
  // Handed over by another platform, not answered yet.
  [
    calls.waiting('ringing'),
    `callerGone                          | ended caller-left | seek no more, close
     noSeat                              | ended no-seat     | seek no more, hangUp C, close
     seatChosen                          | offered n ringing | alert N, offer timer N 20`,
  ],
  [
    calls.offered('n', 'ringing'),
    `callerGone                          | ended caller-left | no offer timer N, spare n, seek no more, close
     answer                              | talking [n]       | no offer timer N, answer C, join C, join N, talks n
     targetSilent                        | waiting 12345 ringing | no offer timer N, missed n no-answer
     refuse                              | waiting 12345 ringing | no offer timer N, missed n refused`,
  ],
  [
    calls.offered('n'),
    `callerGone                          | ended caller-left | no offer timer N, spare n, seek no more, close
     seatChosen:m                        | .                 | spare m
     seatChosen:n                        | .
     targetAnswered answer               | talking [n]       | no offer timer N, join N, talks n, quiet C
     targetGone:lost                     | waiting 12345     | no offer timer N, missed n lost
     targetSilent                        | waiting 12345     | no offer timer N, missed n no-answer
     refuse                              | waiting 12345     | no offer timer N, missed n refused
     promptEnded noSeat targetRinging seekSilent initiatorGone partyGone leaveDue stranger | .
     hold resume mute unmute transfer drop leave hangUp | !not-talking-yet
     cancel merge complete takeBack      | !no-transfer`,
  ],
  [
    calls.offered('q'),
    `callerGone                          | ended caller-left | no offer timer Q, hangUp Q, spare q, seek no more, close
     targetAnswered                      | talking [q]       | no offer timer Q, join Q, talks q, quiet C
     targetGone:busy targetGone:goodbye  | waiting 12345     | no offer timer Q, missed q refused
     targetGone:no-answer                | waiting 12345     | no offer timer Q, missed q no-answer
     targetGone:failed                   | waiting 12345     | no offer timer Q, missed q lost
     targetSilent                        | waiting 12345     | no offer timer Q, hangUp Q, missed q no-answer
     refuse                              | waiting 12345     | no offer timer Q, hangUp Q, missed q refused
     answer                              | !answer-on-phone`,
  ],
  [
    calls.talking('a'),
    `callerGone                          | ended caller-left | ${out}, close
     partyGone:A/lost                    | waiting 12345     | free a, unmute C, music C, seek 12345 returned
     seatChosen                          | .                 | spare n
     seatChosen:a leaveDue:A             | .
     promptEnded noSeat targetRinging targetAnswered targetGone targetSilent seekSilent | .
     initiatorGone stranger              | .
     answer refuse                       | !already-answered
     hold                                | talking [a] held  | mute C, music C
     resume                              | !not-held
     mute                                | talking [a!]      | mute A
     unmute                              | !not-muted
     transfer:one-key/119                | one-key→119 r0 [a] | ring c1.119.1 by t1, ring timer c1.119.1 30
     transfer:three-way/119              | three-way→119 r0 [a] | ring c1.119.1 by t1, ring timer c1.119.1 30
     transfer:consult/119                | consult→119 r0 [a] held | ring c1.119.1 by t1, ring timer c1.119.1 30, mute C, music C, ringback A
     transfer:release/119                | release→119 r0 [] | ring c1.119.1 by t1, ring timer c1.119.1 30, ${out}, ringback C
     transfer:one-key/110                | one-key→110 [a]   | seek 110 transfer, seek timer C 45
     transfer:release/110                | release→110 []    | seek 110 transfer, seek timer C 45, ${out}, ringback C
     transfer:one-key/12345              | !own-number
     transfer:one-key/999 transfer:consult/toString | !unknown-target
     cancel merge complete               | !no-transfer
     takeBack                            | !nobody-to-take-back
     drop:A drop:C                       | !not-yours-to-drop
     leave                               | !would-leave-alone
     hangUp                              | ended goodbye     | ${out}, hangUp C, close`,
  ],
  [
    calls.talking('p', 'held'),
    `partyGone:P/goodbye                 | ended goodbye     | free p, hangUp C, close
     partyGone:P/lost partyGone:P/failed | waiting 12345     | free p, unmute C, music C, seek 12345 returned
     resume                              | talking [p]       | quiet C, unmute C
     hold                                | !already-held
     transfer:consult/119                | consult→119 r0 [p] held | ring c1.119.1 by t1, ring timer c1.119.1 30, ringback P
     transfer:release/119                | release→119 r0 [] | ring c1.119.1 by t1, ring timer c1.119.1 30, hangUp P, free p, quiet C, unmute C, ringback C
     callerGone                          | ended caller-left | hangUp P, free p, close`,
  ],
  [
    calls.talking('119'),
    `partyGone:X119/goodbye              | ended goodbye     | hangUp C, close
     partyGone:X119/lost                 | waiting 12345     | unmute C, music C, seek 12345 returned
     callerGone                          | ended caller-left | hangUp X119, close`,
  ],
  [
    calls.talking('a 119', 'held'),
    `callerGone                          | talking [a 119] without her
     partyGone:A/lost                    | talking [119]     | free a, quiet C, unmute C
     partyGone:X119/lost                 | talking [a] held  | no leave timer A
     leave leaveDue:A hangUp             | talking [119]     | ${out}, quiet C, unmute C
     takeBack drop:X119                  | talking [a] held  | hangUp X119, no leave timer A
     transfer:consult/120                | !consult-needs-two
     transfer:one-key/119                | !already-in-call
     transfer:release/120                | release→120 r0 [119] | ring c1.120.1 by t1, ring timer c1.120.1 30, ${out}, quiet C, unmute C`,
  ],
  [
    calls.talking('a b! 119'),
    `callerGone                          | talking [a b! 119] without her
     leaveDue:B                          | talking [a 119]   | part B, unmute B, no leave timer B, free b
     drop:b/X119                         | talking [a b!]    | hangUp X119, no leave timer A, no leave timer B
     drop:b/A                            | !not-yours-to-drop
     takeBack:b                          | talking [a b!]    | hangUp X119, no leave timer A, no leave timer B
     unmute:b                            | talking [a b 119] | unmute B
     transfer:three-way/110              | !already-in-call
     transfer:three-way/120              | three-way→120 r0 [a b! 119] | ring c1.120.1 by t1, ring timer c1.120.1 30`,
  ],
  [
    calls.talking('a 119', 'gone'),
    `partyGone:A/lost                    | ended all-left    | free a, hangUp X119, close
     partyGone:X119/lost                 | ended all-left    | ${out}, close
     leaveDue:A                          | .
     hold resume transfer:one-key/120    | !caller-left
     takeBack drop:X119                  | ended all-left    | ${out}, hangUp X119, close
     leave hangUp                        | ended all-left    | ${out}, hangUp X119, close`,
  ],
  ...(['one-key', 'three-way'] as const).flatMap((kind): [Call, string][] => {
    const leaves = (seconds: number) => (kind === 'one-key' ? `, leave timer A ${seconds}` : '');
    return [
      [
        calls.transferring(kind, 'a', '119'),
        `callerGone                      | ended caller-left | no ring timer T, hangUp T, ${out}, close
         seatChosen                      | .                 | spare n
         seatChosen:a leaveDue:A         | .
         promptEnded noSeat seekSilent stranger | .
         targetRinging                   | ${kind}→119 r0 rings [a]
         targetAnswered                  | talking [a 119]   | no ring timer T, join T, chime${leaves(5)}
         targetGone:busy targetGone:no-answer targetGone:refused targetGone:no-route targetGone:failed | ${kind}→119 r1 [a] | no ring timer T, ring c1.119.1 by t2, ring timer c1.119.1 30
         targetGone:number-refused       | ${kind}→119 r0 own [a] | no ring timer T, ring c1.119.1 by t1, ring timer c1.119.1 30
         targetSilent                    | ${kind}→119 r1 [a] | no ring timer T, hangUp T, ring c1.119.1 by t2, ring timer c1.119.1 30
         initiatorGone:A/lost            | release→119 r0 [] | free a, ringback C
         answer refuse                   | !not-offered
         hold                            | ${kind}→119 r0 [a] held | mute C, music C
         resume                          | !not-held
         mute                            | ${kind}→119 r0 [a!] | mute A
         unmute                          | !not-muted
         transfer hangUp                 | !transfer-under-way
         cancel takeBack                 | talking [a]       | no ring timer T, hangUp T
         merge complete                  | !target-not-answered
         drop:T                          | !not-yours-to-drop
         leave                           | release→119 r0 [] | ${out}, ringback C`,
      ],
      [
        calls.transferring(kind, 'a 119', '120', 'held'),
        `callerGone                      | talking [a 119] without her | no ring timer T, hangUp T
         targetGone:busy                 | talking [a 119] held | no ring timer T
         targetSilent                    | talking [a 119] held | no ring timer T, hangUp T
         targetAnswered                  | talking [a 119 120] | no ring timer T, join T, quiet C, unmute C, chime
         partyGone:X119/goodbye          | ${kind}→120 r0 [a] held | no leave timer A
         drop:X119                       | ${kind}→120 r0 [a] held | hangUp X119, no leave timer A
         initiatorGone:A/lost            | release→120 r0 [119] | free a, quiet C, unmute C
         leave                           | release→120 r0 [119] | ${out}, quiet C, unmute C`,
      ],
      [
        rung(calls.transferring(kind, 'a', '120')),
        `targetGone:number-refused targetGone:goodbye | talking [a] | no ring timer T
         targetRinging                   | .
         targetAnswered                  | talking [a 120]   | no ring timer T, join T, chime`,
      ],
      [
        calls.transferring(kind, 'b a', '120'),
        `leaveDue:B leave:b              | ${kind}→120 r0 [a] | part B, no leave timer B, free b, no leave timer A
         partyGone:B/lost                | ${kind}→120 r0 [a] | free b, no leave timer A
         drop:b/A                        | release→120 r0 [b] | ${out}, no leave timer B
         cancel:b takeBack:b             | !not-your-transfer`,
      ],
      [
        calls.transferring(kind, 'a', '110'),
        `seatChosen:b                    | ${kind}→110:b [a] | alert B, offer timer B 20
         seatChosen:q                    | ${kind}→110:q [a] | phone c1.seat-q.1, offer timer c1.seat-q.1 20
         seatChosen:a targetRinging targetAnswered targetGone targetSilent | .
         noSeat seekSilent cancel        | talking [a]       | no seek timer C, seek no more
         initiatorGone:A/lost            | release→110 []    | free a, ringback C
         answer refuse                   | !not-offered`,
      ],
      [
        calls.transferring(kind, 'a', '110:b'),
        `callerGone                      | ended caller-left | no offer timer B, spare b, no seek timer C, seek no more, ${out}, close
         seatChosen                      | .                 | spare n
         seatChosen:a seatChosen:b       | .
         answer targetAnswered           | talking [a b]     | no offer timer B, join B, talks b, no seek timer C, chime${leaves(10)}
         targetGone:lost                 | ${kind}→110 [a]   | no offer timer B, missed b lost
         targetSilent                    | ${kind}→110 [a]   | no offer timer B, missed b no-answer
         refuse                          | ${kind}→110 [a]   | no offer timer B, missed b refused
         seekSilent noSeat cancel        | talking [a]       | no offer timer B, spare b, no seek timer C, seek no more`,
      ],
    ];
  }),
  [
    calls.transferring('consult', 'a', '119'),
    `callerGone                          | ended caller-left | quiet A, no ring timer T, hangUp T, ${out}, close
     seatChosen                          | .                 | spare n
     promptEnded noSeat seekSilent stranger leaveDue:A | .
     targetRinging                       | consult→119 r0 rings [a] held
     targetAnswered                      | consulting [a 119] | no ring timer T, join T, quiet A
     targetGone:busy                     | consult→119 r1 [a] held | no ring timer T, ring c1.119.1 by t2, ring timer c1.119.1 30
     targetGone:number-refused           | consult→119 r0 own [a] held | no ring timer T, ring c1.119.1 by t1, ring timer c1.119.1 30
     targetSilent                        | consult→119 r1 [a] held | no ring timer T, hangUp T, ring c1.119.1 by t2, ring timer c1.119.1 30
     initiatorGone:A/lost                | release→119 r0 [] | free a, quiet C, unmute C, ringback C
     answer refuse                       | !not-offered
     hold resume                         | !consulting-hold
     mute                                | consult→119 r0 [a!] held | mute A
     unmute                              | !not-muted
     transfer hangUp                     | !transfer-under-way
     cancel takeBack                     | talking [a]       | no ring timer T, hangUp T, quiet A, quiet C, unmute C
     merge complete                      | !target-not-answered
     drop:T                              | !not-yours-to-drop
     leave                               | release→119 r0 [] | quiet A, ${out}, quiet C, unmute C, ringback C`,
  ],
  [
    calls.transferring('consult', 'a', '120'),
    `targetGone:busy                     | talking [a]       | no ring timer T, quiet A, quiet C, unmute C`,
  ],
  [
    // A consult is of two only; yet the cell is answered.
    calls.transferring('consult', 'a b', '120'),
    `partyGone:B/lost                    | consult→120 r0 [a] held | free b, no leave timer A`,
  ],
  [
    calls.transferring('consult', 'p', '110:q'),
    `targetAnswered                      | consulting [p q]  | no offer timer Q, join Q, talks q, no seek timer C, quiet P
     targetGone:busy                     | consult→110 [p] held | no offer timer Q, missed q refused
     seekSilent                          | talking [p]       | no offer timer Q, hangUp Q, spare q, no seek timer C, seek no more, quiet P, quiet C, unmute C
     answer                              | !answer-on-phone`,
  ],
  [
    calls.transferring('release', '', '119'),
    `callerGone                          | ended caller-left | no ring timer T, hangUp T, close
     seatChosen                          | .                 | spare n
     promptEnded noSeat seekSilent stranger | .
     targetRinging                       | release→119 r0 rings []
     targetAnswered                      | talking [119]     | no ring timer T, join T, quiet C
     targetGone:busy                     | release→119 r1 [] | no ring timer T, ring c1.119.1 by t2, ring timer c1.119.1 30
     targetSilent                        | release→119 r1 [] | no ring timer T, hangUp T, ring c1.119.1 by t2, ring timer c1.119.1 30
     answer refuse                       | !not-offered
     transfer hangUp                     | !transfer-under-way
     cancel takeBack                     | !not-your-transfer
     merge complete                      | !target-not-answered`,
  ],
  [
    calls.transferring('release', '', '120'),
    `targetGone:busy targetGone:no-route | waiting 12345     | no ring timer T, unmute C, music C, seek 12345 returned
     targetSilent                        | waiting 12345     | no ring timer T, hangUp T, unmute C, music C, seek 12345 returned`,
  ],
  [
    calls.transferring('release', '', '110:b'),
    `answer                              | talking [b]       | no offer timer B, join B, talks b, no seek timer C, quiet C
     refuse                              | release→110 []    | no offer timer B, missed b refused
     noSeat seekSilent                   | waiting 12345     | no offer timer B, spare b, no seek timer C, seek no more, unmute C, music C, seek 12345 returned`,
  ],
  [
    calls.transferring('release', 'b', '120', 'held'),
    `callerGone                          | ended caller-left | no ring timer T, hangUp T, part B, no leave timer B, free b, close
     targetAnswered                      | talking [b 120]   | no ring timer T, join T, quiet C, unmute C
     targetGone:busy                     | talking [b] held  | no ring timer T
     partyGone:B/lost                    | release→120 r0 [] | free b, quiet C, unmute C, ringback C
     leave                               | release→120 r0 [] | part B, no leave timer B, free b, quiet C, unmute C, ringback C
     initiatorGone:B/lost                | release→120 r0 [] | free b, quiet C, unmute C, ringback C
     leaveDue:B                          | .
     hold                                | !already-held
     resume                              | release→120 r0 [b] | quiet C, unmute C
     mute                                | release→120 r0 [b!] held | mute B
     unmute                              | !not-muted
     drop:T                              | !not-yours-to-drop`,
  ],
  [
    calls.consulting('119'),
    `callerGone                          | talking [a 119] without her
     seatChosen                          | .                 | spare n
     seatChosen:a                        | .
     promptEnded noSeat targetRinging targetAnswered targetSilent seekSilent partyGone leaveDue:A stranger | .
     targetGone:goodbye targetGone:lost  | talking [a]       | quiet C, unmute C
     initiatorGone:A/lost                | talking [119]     | free a, quiet C, unmute C
     answer refuse                       | !already-answered
     hold resume                         | !consulting-hold
     mute                                | consulting [a! 119] | mute A
     unmute                              | !not-muted
     transfer hangUp                     | !transfer-under-way
     cancel                              | !already-connected
     merge                               | talking [a 119]   | quiet C, unmute C, chime
     complete leave                      | talking [119]     | ${out}, quiet C, unmute C
     takeBack drop:X119                  | talking [a]       | hangUp X119, quiet C, unmute C
     drop:A                              | !not-yours-to-drop`,
  ],
  [
    calls.consulting('b'),
    `callerGone                          | talking [a b] without her
     targetGone:lost                     | talking [a]       | free b, quiet C, unmute C
     leave:b hangUp:b takeBack           | talking [a]       | part B, no leave timer B, free b, quiet C, unmute C
     complete                            | talking [b]       | ${out}, quiet C, unmute C
     complete:b merge:b takeBack:b drop:b/A | !not-your-transfer
     mute:b                              | consulting [a b!] | mute B`,
  ],
  [
    calls.ended(),
    `seatChosen                          | .                 | spare n
     callerGone promptEnded noSeat targetRinging targetAnswered targetGone targetSilent seekSilent | .
     initiatorGone partyGone leaveDue stranger | .
     answer refuse hold resume mute unmute transfer cancel merge complete takeBack drop leave hangUp | !call-ended`,
  ],
];

const facts: Column[] = [
  'callerGone', 'promptEnded', 'seatChosen', 'noSeat', 'targetRinging', 'targetAnswered', 'targetGone',
  'targetSilent', 'seekSilent', 'initiatorGone', 'partyGone', 'leaveDue', 'stranger',
]; // prettier-ignore

describe.each(
  pictures.map(([call, text]) => ({ picture: picture(call), call, lines: linesOf(text) })),
)('the call table: $picture', ({ call, lines }) => {
  test.each(lines)('$label → $next', ({ label, next, orders }) => {
    const outcome = cell(call, label);
    if (outcome instanceof Refusal) {
      expect(`!${outcome.code}`).toBe(next);
      expect(outcome.words.zh).toMatch(/[\u4e00-\u9fff]/);
      expect(outcome.words.en).toMatch(/[a-z]/);
      return;
    }
    if (next === '.') expect(outcome.call).toBe(call);
    else expect(picture(outcome.call)).toBe(next);
    expect(sorted(outcome.orders.map(short))).toEqual(orders);
  });

  test('every column is answered: a fact never with a refusal, and nothing is ordered for a leg that is gone', () => {
    for (const column of Object.keys(table[situationOf(call)]) as Column[]) {
      const outcome = cell(call, column);
      if (facts.includes(column)) expect(outcome).not.toBeInstanceOf(Refusal);
      if (outcome instanceof Refusal) continue;
      if (column !== 'callerGone' && column !== 'targetGone') continue;
      const gone = column === 'callerGone' ? aCaller().leg : targetLeg(call);
      const late = outcome.orders.filter((one) => 'leg' in one && one.leg === gone);
      expect(late.filter((one) => one.do !== 'clearTimer')).toEqual([]);
    }
  });
});

test('the pictures show every cell of the table', () => {
  const shown = new Set(
    pictures.flatMap(([call, text]) =>
      linesOf(text).map(({ label }) => `${situationOf(call)} ${label.split(':')[0] ?? ''}`),
    ),
  );
  const cells = (Object.keys(table) as Situation[]).flatMap((situation) =>
    Object.keys(table[situation]).map((column) => `${situation} ${column}`),
  );
  expect(cells).toHaveLength(10 * 27);
  expect(cells.filter((one) => !shown.has(one))).toEqual([]);
});
