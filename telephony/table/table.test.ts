import { Refusal } from '../../kernel/errors.ts';
import type { Call } from '../call.ts';
import { aCaller, calls, party, picture, rung, short } from '../../tests/given/calls.ts';
import { managerPictures } from '../../tests/given/manager-pictures.ts';
import { cell, linesOf, sorted } from '../../tests/given/pictures.ts';
import type { Column } from './cells.ts';
import { situationOf, table, targetLeg, type Situation } from './table.ts';

/**
 * The whole call table as pictures. A line reads: what happens (several may share a line) | the call afterwards |
 * the orders, in any order. `.` is an unchanged call, `!` a refusal. a and b are seats with browsers on legs A and B
 * (b at 110), p and q seats with phones, s and u seats in centres, C the citizen, T who is rung: the target, or she
 * herself when she is called back. a is who started the transfer.
 */
const out = 'part A, no leave timer A, free a';
const rings = 'targetRinging targetAnswered targetKey targetGone targetSilent centreDue';
const asked = 'part C, at most 63 C, say C 1 satisfaction-ask, step timer C 38';
const waits = 'rangAgain announced callerKey stepDue callBackDue';

const pictures: [Call, string][] = [
  [
    calls.welcoming(),
    `callerGone                          | ended caller-left | close
     promptEnded                         | waiting 12345     | music C, step timer C 20, seek 12345 arrival
     seatChosen                          | .                 | spare n
     noSeat ${rings} seekSilent | .
     initiatorGone partyGone leaveDue seatAway seatBack stranger ${waits} place say:storm | .
     answer refuse                       | !not-offered
     hold resume mute unmute mark transfer drop leave hangUp | !not-talking-yet
     cancel merge complete takeBack      | !no-transfer`,
  ],
  [
    calls.waiting(),
    `callerGone                          | ended caller-left | seek no more, close
     seatChosen                          | offered n         | alert N, offer timer N 20
     seatChosen:q                        | offered q         | phone c1.seat-q.1, offer timer c1.seat-q.1 20
     seatChosen:s                        | offered s?        | ring c1.seat-s.1 by t2, offer timer c1.seat-s.1 25, centre timer c1.seat-s.1 5
     seatChosen:x                        | .                 | not reached suzhou, missed x lost
     promptEnded noSeat ${rings} seekSilent | .
     initiatorGone partyGone leaveDue seatAway seatBack stranger ${waits} | .
     say:storm                           | waiting 12345 hears | say C 1 storm
     place:0                             | waiting 12345 hears | say C 1 place-0
     place:20/60                         | waiting 12345 hears | say C 1 place-20 wait-1
     place:21/61                         | waiting 12345 hears | say C 1 place-many wait-2
     place:3/900                         | waiting 12345 hears | say C 1 place-3 wait-15
     place:3/901                         | waiting 12345 hears | say C 1 place-3 wait-long
     answer refuse                       | !not-offered
     hold resume mute unmute mark transfer drop leave hangUp | !not-talking-yet
     cancel merge complete takeBack      | !no-transfer`,
  ],
  // What she hears while she waits, and her keys.
  [
    calls.waiting('steps'),
    `callerGone                          | ended caller-left | no step timer C, seek no more, close
     stepDue                             | waiting 12345     | step timer C 10, place?
     say:storm                           | waiting 12345 hears | step timer C 0, say C 1 storm
     callerKey:1 callerKey:2             | .`,
  ],
  [
    calls.waiting('told'),
    `callerKey:1                         | waiting 12345 hears promised | no step timer C, say C 1 call-back-kept
     callerKey:2                         | waiting 12345 hears | say C 1 opening-hours
     callerKey:3 callerKey:# callerKey:0 | .`,
  ],
  [calls.waiting('told', 'withheld'), `callerKey:1 | .`],
  [calls.waiting('told', 'citizen-page'), `callerKey:1 | .`],
  [
    calls.waiting('told', 'hears'),
    `callerGone                          | ended caller-left | no step timer C, seek no more, close
     announced:1                         | waiting 12345     | music C, step timer C 3
     announced:2 stepDue place:0         | .
     say:storm                           | waiting 12345 hears
     callerKey:2                         | waiting 12345 hears | hush C 1, say C 2 opening-hours
     callerKey:1                         | waiting 12345 hears promised | no step timer C, hush C 1, say C 2 call-back-kept
     seatChosen                          | offered n hears   | alert N, offer timer N 20`,
  ],
  [
    calls.waiting('hears', 'promised'),
    `callerGone                          | call-back 12345
     announced:1                         | call-back 12345   | hangUp C
     announced:2 callerKey:1 stepDue place:0 say:storm | .
     seatChosen                          | offered n hears promised | alert N, offer timer N 20`,
  ],
  [
    calls.offered('n', 'told', 'hears'),
    `callerGone                          | ended caller-left | no offer timer N, spare n, no step timer C, seek no more, close
     announced:1                         | offered n         | music C, step timer C 3
     callerKey:2                         | offered n hears   | hush C 1, say C 2 opening-hours
     answer                              | talking [n]       | no offer timer N, join N, join C, talks n, no step timer C, hush C 1, quiet C
     refuse                              | waiting 12345 hears | no offer timer N, missed n refused`,
  ],
  [
    calls.offered('n', 'hears', 'promised'),
    `callerGone                          | call-back-offered n
     announced:1                         | call-back-offered n | hangUp C
     answer                              | talking [n]       | no offer timer N, join N, join C, talks n, hush C 1, quiet C`,
  ],
  // Handed over by another platform, not answered yet.
  [
    calls.waiting('ringing'),
    `callerGone                          | ended caller-left | seek no more, close
     noSeat                              | ended no-seat     | seek no more, hangUp C, close
     place:0 say:storm stepDue callerKey:1 | .
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
     targetAnswered answer               | talking [n]       | no offer timer N, join N, join C, talks n, quiet C
     targetGone:lost                     | waiting 12345     | no offer timer N, missed n lost
     seatBack:n/M                        | offered n         | no offer timer N, offer timer M 0, alert M
     seatBack:n/N                        | .
     targetSilent                        | waiting 12345     | no offer timer N, missed n no-answer
     refuse                              | waiting 12345     | no offer timer N, missed n refused
     promptEnded noSeat targetRinging seekSilent initiatorGone partyGone leaveDue seatAway seatBack stranger | .
     targetKey centreDue rangAgain announced callerKey stepDue callBackDue | .
     place:0                             | offered n hears   | say C 1 place-0
     say:storm                           | offered n hears   | say C 1 storm
     hold resume mute unmute mark transfer drop leave hangUp | !not-talking-yet
     cancel merge complete takeBack      | !no-transfer`,
  ],
  // Given back: she is in her bridge since somebody talked with her, and stays there.
  [
    calls.waiting('returned'),
    `callerGone                          | ended caller-left | seek no more, close
     place:0                             | waiting 12345 returned hears | say C 1 place-0
     seatChosen                          | offered n returned | alert N, offer timer N 20`,
  ],
  [
    calls.waiting('returned', 'hears', 'promised'),
    `callerGone                          | call-back 12345
     announced:1                         | call-back 12345   | hangUp C`,
  ],
  [
    calls.offered('n', 'returned'),
    `answer                              | talking [n]       | no offer timer N, join N, talks n, quiet C
     refuse                              | waiting 12345 returned | no offer timer N, missed n refused`,
  ],
  [
    calls.offered('q'),
    `callerGone                          | ended caller-left | no offer timer Q, hangUp Q, spare q, seek no more, close
     targetAnswered                      | talking [q]       | no offer timer Q, join Q, join C, talks q, quiet C
     targetGone:busy targetGone:goodbye  | waiting 12345     | no offer timer Q, missed q refused
     targetGone:no-answer                | waiting 12345     | no offer timer Q, missed q no-answer
     targetGone:failed                   | waiting 12345     | no offer timer Q, missed q lost
     targetSilent                        | waiting 12345     | no offer timer Q, hangUp Q, missed q no-answer
     refuse                              | waiting 12345     | no offer timer Q, hangUp Q, missed q refused
     answer                              | !answer-on-phone`,
  ],
  // A seat in a centre: silence means that it is not reached; an answer counts after key 1.
  [
    calls.offered('s?'),
    `callerGone                          | ended caller-left | no offer timer S, no centre timer S, hangUp S, spare s, seek no more, close
     targetRinging                       | offered s         | no centre timer S
     targetAnswered                      | offered s1        | offer timer S 15, say S 1 press-1-to-take, centre timer S 5
     targetKey:1                         | .
     centreDue                           | waiting 12345     | no offer timer S, no centre timer S, hangUp S, not reached suzhou, missed s lost
     targetGone:busy                     | waiting 12345     | no offer timer S, no centre timer S, missed s refused
     targetGone:no-route targetGone:number-refused | waiting 12345 | no offer timer S, no centre timer S, missed s lost
     targetGone:failed                   | waiting 12345     | no offer timer S, no centre timer S, not reached suzhou, missed s lost
     targetSilent                        | waiting 12345     | no offer timer S, no centre timer S, hangUp S, not reached suzhou, missed s lost
     answer                              | !answer-on-phone`,
  ],
  [
    calls.offered('s'),
    `targetRinging centreDue targetKey:1 | .
     targetGone:failed                   | waiting 12345     | no offer timer S, no centre timer S, missed s lost
     targetAnswered                      | offered s1        | offer timer S 15, say S 1 press-1-to-take, centre timer S 5`,
  ],
  [
    calls.offered('s1'),
    `callerGone                          | ended caller-left | no offer timer S, no centre timer S, hangUp S, spare s, seek no more, close
     targetAnswered targetRinging targetKey:2 targetKey:# | .
     targetKey:1                         | talking [s]       | no offer timer S, no centre timer S, hush S 1, join S, join C, talks s, quiet C
     centreDue                           | offered s2        | say S 2 press-1-to-take, centre timer S 5
     targetGone:goodbye                  | waiting 12345     | no offer timer S, no centre timer S, missed s refused
     targetGone:lost                     | waiting 12345     | no offer timer S, no centre timer S, missed s lost
     targetSilent                        | waiting 12345     | no offer timer S, no centre timer S, hangUp S, missed s no-answer`,
  ],
  [
    calls.offered('u?'),
    `targetAnswered                      | talking [u]       | no offer timer U, no centre timer U, join U, join C, talks u, quiet C
     targetKey:1                         | .`,
  ],
  [
    calls.talking('s'),
    `partyGone:S/goodbye                 | rating s - hears  | free s, ${asked}
     partyGone:S/lost                    | waiting 12345 returned | free s, unmute C, music C, step timer C 20, seek 12345 returned
     hangUp                              | rating s - hears  | hangUp S, free s, ${asked}`,
  ],
  // Call-backs: she has hung up and keeps her turn.
  [
    calls.callBack(),
    `seatChosen                          | call-back-offered n | alert N, offer timer N 20
     seatChosen:s                        | call-back-offered s? | ring c1.seat-s.1 by t2, offer timer c1.seat-s.1 25, centre timer c1.seat-s.1 5
     rangAgain                           | ended rang-again  | seek no more, close
     callerGone promptEnded noSeat ${rings} seekSilent | .
     place:0 say:storm announced callerKey stepDue callBackDue | .
     initiatorGone partyGone leaveDue seatAway seatBack stranger | .
     answer refuse                       | !not-offered
     hold resume mute unmute mark transfer drop leave hangUp | !not-talking-yet
     cancel merge complete takeBack      | !no-transfer`,
  ],
  [
    calls.callBack('n'),
    `seatChosen:m                        | .                 | spare m
     answer targetAnswered               | calling-back [n] r1 | no offer timer N, join N, talks n, ring c1.caller.1 by t1, ring timer c1.caller.1 30, ringback N
     targetGone:lost                     | call-back 12345   | no offer timer N, missed n lost
     targetSilent                        | call-back 12345   | no offer timer N, missed n no-answer
     refuse                              | call-back 12345   | no offer timer N, missed n refused
     rangAgain                           | ended rang-again  | no offer timer N, spare n, seek no more, close
     callerGone promptEnded noSeat targetRinging targetKey centreDue seekSilent | .
     place:0 say:storm announced callerKey stepDue callBackDue | .
     initiatorGone partyGone leaveDue seatAway seatBack stranger | .
     hold resume mute unmute mark transfer drop leave hangUp | !not-talking-yet
     cancel merge complete takeBack      | !no-transfer`,
  ],
  [
    calls.callBack('s1'),
    `targetKey:1                         | calling-back [s] r1 | no offer timer S, no centre timer S, hush S 1, join S, talks s, ring c1.caller.1 by t1, ring timer c1.caller.1 30, ringback S`,
  ],
  [
    calls.callingBack('n'),
    `seatChosen:m                        | .                 | spare m
     seatChosen:n                        | .
     targetAnswered                      | talking [n]       | no ring timer T, join T, quiet N
     targetGone:busy                     | resting 1         | no ring timer T, quiet N, part N, no leave timer N, free n, callBack timer C 300
     targetSilent cancel leave hangUp    | resting 1         | no ring timer T, hangUp T, quiet N, part N, no leave timer N, free n, callBack timer C 300
     partyGone:N/lost                    | call-back 12345   | no ring timer T, hangUp T, free n, seek 12345 arrival
     rangAgain                           | ended rang-again  | no ring timer T, hangUp T, quiet N, part N, no leave timer N, free n, no callBack timer C, close
     callerGone promptEnded noSeat targetRinging targetKey centreDue seekSilent | .
     place:0 say:storm announced callerKey stepDue callBackDue | .
     initiatorGone leaveDue seatAway seatBack stranger     | .
     seatBack:n/M                        | calling-back [n] r1 | quiet N, part N, join M, ringback M
     answer refuse                       | !already-answered
     mute                                | calling-back [n!] r1 | mute N
     unmute                              | !not-muted
     mark                                | calling-back [n] r1 danger
     hold resume transfer drop           | !not-talking-yet
     merge complete takeBack             | !no-transfer`,
  ],
  [
    calls.callingBack('p', 3),
    `targetGone:no-answer                | ended call-back-failed | no ring timer T, quiet P, hangUp P, free p, no callBack timer C, close
     partyGone:P/goodbye                 | ended call-back-failed | no ring timer T, hangUp T, free p, no callBack timer C, close`,
  ],
  [
    calls.resting(),
    `callBackDue                         | call-back 12345   | seek 12345 arrival
     rangAgain                           | ended rang-again  | no callBack timer C, close
     seatChosen                          | .                 | spare n
     callerGone promptEnded noSeat ${rings} seekSilent | .
     place:0 say:storm announced callerKey stepDue initiatorGone partyGone leaveDue seatAway seatBack stranger | .
     answer refuse                       | !not-offered
     hold resume mute unmute mark transfer drop leave hangUp | !not-talking-yet
     cancel merge complete takeBack      | !no-transfer`,
  ],
  [
    calls.talking('a'),
    `callerGone                          | ended caller-left | ${out}, close
     partyGone:A/lost                    | waiting 12345 returned | free a, unmute C, music C, step timer C 20, seek 12345 returned by a
     seatChosen                          | .                 | spare n
     seatAway                            | talking [a~]      | back timer A 3, music C
     seatBack:a/B                        | talking [a]       | part A, join B
     seatBack:a/A                        | .
     seatChosen:a leaveDue:A             | .
     promptEnded noSeat ${rings} seekSilent ${waits} | .
     place:0 say:storm                   | .
     initiatorGone seatBack stranger              | .
     mark                                | talking [a] danger
     mark:none                           | !not-marked
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
     hangUp                              | rating a - hears  | ${out}, ${asked}`,
  ],
  [
    calls.talking('p', 'held'),
    `partyGone:P/goodbye                 | rating p - hears  | free p, unmute C, ${asked}
     partyGone:P/lost partyGone:P/failed | waiting 12345 returned | free p, unmute C, music C, step timer C 20, seek 12345 returned
     resume                              | talking [p]       | quiet C, unmute C
     hold                                | !already-held
     transfer:consult/119                | consult→119 r0 [p] held | ring c1.119.1 by t1, ring timer c1.119.1 30, ringback P
     transfer:release/119                | release→119 r0 [] | ring c1.119.1 by t1, ring timer c1.119.1 30, hangUp P, free p, quiet C, unmute C, ringback C
     callerGone                          | ended caller-left | hangUp P, free p, close`,
  ],
  [
    calls.talking('119'),
    `partyGone:X119/goodbye              | ended goodbye     | hangUp C, close
     partyGone:X119/lost                 | waiting 12345 returned | unmute C, music C, step timer C 20, seek 12345 returned
     callerGone                          | ended caller-left | hangUp X119, close`,
  ],
  [
    calls.talking('a 119', 'held'),
    `callerGone                          | talking [a 119] without her
     partyGone:A/lost                    | talking [119]     | free a, quiet C, unmute C
     seatAway                            | talking [a~ 119] held | back timer A 3
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
     seatAway:b                          | talking [a b!~ 119] | back timer B 3
     seatBack:b/N                        | talking [a b! 119] | unmute B, part B, join N, mute N
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
         promptEnded noSeat seekSilent seatBack stranger targetKey centreDue place:0 say:storm ${waits} | .
         mark                            | ${kind}→119 r0 [a] danger
         targetRinging                   | ${kind}→119 r0 rings [a]
         targetAnswered                  | talking [a 119]   | no ring timer T, join T, chime${leaves(5)}
         targetGone:busy targetGone:no-answer targetGone:refused targetGone:no-route targetGone:failed | ${kind}→119 r1 [a] | no ring timer T, ring c1.119.1 by t2, ring timer c1.119.1 30
         targetGone:number-refused       | ${kind}→119 r0 own [a] | no ring timer T, ring c1.119.1 by t1, ring timer c1.119.1 30
         targetSilent                    | ${kind}→119 r1 [a] | no ring timer T, hangUp T, ring c1.119.1 by t2, ring timer c1.119.1 30
         initiatorGone:A/lost            | release→119 r0 [] | free a, ringback C
         seatAway                        | ${kind}→119 r0 [a~] | back timer A 3, ringback C
         seatBack:a/B                    | ${kind}→119 r0 [a] | part A, join B
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
         seatChosen:s                    | ${kind}→110:s? [a] | ring c1.seat-s.1 by t2, offer timer c1.seat-s.1 25, centre timer c1.seat-s.1 5
         seatChosen:x                    | .                 | not reached suzhou, missed x lost
         mark                            | ${kind}→110 [a] danger | seek marked
         seatChosen:a ${rings} | .
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
      [
        calls.transferring(kind, 'a', '110:s?'),
        `targetRinging                   | ${kind}→110:s [a] | no centre timer S
         targetAnswered                  | ${kind}→110:s1 [a] | offer timer S 15, say S 1 press-1-to-take, centre timer S 5
         targetKey:1                     | .
         centreDue                       | ${kind}→110 [a]   | no offer timer S, no centre timer S, hangUp S, not reached suzhou, missed s lost`,
      ],
      [
        calls.transferring(kind, 'a', '110:s2'),
        `callerGone                      | ended caller-left | no offer timer S, no centre timer S, hangUp S, spare s, no seek timer C, seek no more, ${out}, close
         targetKey:1                     | talking [a s]     | no offer timer S, no centre timer S, hush S 2, join S, talks s, no seek timer C, chime${leaves(10)}
         targetKey:2 targetAnswered      | .
         centreDue                       | ${kind}→110:s3 [a] | say S 3 press-1-to-take, centre timer S 5
         targetSilent                    | ${kind}→110 [a]   | no offer timer S, no centre timer S, hangUp S, missed s no-answer`,
      ],
    ];
  }),
  [
    calls.transferring('consult', 'a', '119'),
    `callerGone                          | ended caller-left | quiet A, no ring timer T, hangUp T, ${out}, close
     seatChosen                          | .                 | spare n
     promptEnded noSeat seekSilent seatBack stranger leaveDue:A targetKey centreDue place:0 say:storm ${waits} | .
     mark                                | consult→119 r0 [a] held danger
     targetRinging                       | consult→119 r0 rings [a] held
     targetAnswered                      | consulting [a 119] | no ring timer T, join T, quiet A
     targetGone:busy                     | consult→119 r1 [a] held | no ring timer T, ring c1.119.1 by t2, ring timer c1.119.1 30
     targetGone:number-refused           | consult→119 r0 own [a] held | no ring timer T, ring c1.119.1 by t1, ring timer c1.119.1 30
     targetSilent                        | consult→119 r1 [a] held | no ring timer T, hangUp T, ring c1.119.1 by t2, ring timer c1.119.1 30
     initiatorGone:A/lost                | release→119 r0 [] | free a, quiet C, unmute C, ringback C
     seatAway                            | consult→119 r0 [a~] held | back timer A 3
     seatBack:a/B                        | consult→119 r0 [a] held | quiet A, part A, join B, ringback B
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
     promptEnded noSeat seekSilent seatBack stranger targetKey centreDue place:0 say:storm ${waits} | .
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
    `targetGone:busy targetGone:no-route | waiting 12345 returned | no ring timer T, unmute C, music C, step timer C 20, seek 12345 returned
     targetSilent                        | waiting 12345 returned | no ring timer T, hangUp T, unmute C, music C, step timer C 20, seek 12345 returned`,
  ],
  [
    calls.transferring('release', '', '110:b'),
    `answer                              | talking [b]       | no offer timer B, join B, talks b, no seek timer C, quiet C
     refuse                              | release→110 []    | no offer timer B, missed b refused
     noSeat seekSilent                   | waiting 12345 returned | no offer timer B, spare b, no seek timer C, seek no more, unmute C, music C, step timer C 20, seek 12345 returned`,
  ],
  [
    calls.transferring('release', 'b', '120', 'held'),
    `callerGone                          | ended caller-left | no ring timer T, hangUp T, part B, no leave timer B, free b, close
     targetAnswered                      | talking [b 120]   | no ring timer T, join T, quiet C, unmute C
     targetGone:busy                     | talking [b] held  | no ring timer T
     partyGone:B/lost                    | release→120 r0 [] | free b, quiet C, unmute C, ringback C
     leave                               | release→120 r0 [] | part B, no leave timer B, free b, quiet C, unmute C, ringback C
     initiatorGone:B/lost                | release→120 r0 [] | free b, quiet C, unmute C, ringback C
     seatAway                            | release→120 r0 [b~] held | back timer B 3
     leaveDue:B                          | .
     hold                                | !already-held
     resume                              | release→120 r0 [b] | quiet C, unmute C
     mute                                | release→120 r0 [b!] held | mute B
     mark                                | release→120 r0 [b] held danger
     unmute                              | !not-muted
     drop:T                              | !not-yours-to-drop`,
  ],
  // Away: its leg is gone, and nothing is ordered for it.
  [
    calls.talking('a~'),
    `callerGone                          | ended caller-left | no back timer A, no leave timer A, free a, close
     seatBack:a/B                        | talking [a]       | no back timer A, quiet C, join B
     partyGone:A/lost                    | waiting 12345 returned | no back timer A, free a, unmute C, music C, step timer C 20, seek 12345 returned by a`,
  ],
  [
    calls.talking('a!~ 119'),
    `callerGone                          | ended caller-left | no back timer A, no leave timer A, free a, hangUp X119, close
     seatBack:a/B                        | talking [a! 119]  | no back timer A, join B, mute B
     partyGone:A/lost                    | talking [119]     | no back timer A, free a
     partyGone:X119/goodbye              | talking [a!~]     | no leave timer A, music C`,
  ],
  [
    calls.talking('a~ b 119'),
    `callerGone                          | talking [b 119] without her | no back timer A, no leave timer A, free a
     drop:b/X119                         | talking [a~ b]    | hangUp X119, no leave timer A, no leave timer B
     leave:b                             | talking [a~ 119]  | part B, no leave timer B, free b
     transfer:release/120                | release→120 r0 [b 119] | ring c1.120.1 by t1, ring timer c1.120.1 30, no back timer A, no leave timer A, free a`,
  ],
  [
    calls.transferring('one-key', 'a~', '120'),
    `callerGone                          | ended caller-left | no back timer A, no ring timer T, hangUp T, no leave timer A, free a, close
     targetAnswered                      | talking [a~ 120]  | no ring timer T, quiet C, join T, chime
     targetGone:busy                     | talking [a~]      | no ring timer T, music C
     seatBack:a/B                        | one-key→120 r0 [a] | no back timer A, quiet C, join B
     initiatorGone:A/lost                | release→120 r0 [] | no back timer A, free a, ringback C`,
  ],
  [
    calls.transferring('consult', 'a~', '120'),
    `targetAnswered                      | consulting [a~ 120] | no ring timer T, join T
     targetGone:busy                     | talking [a~]      | no ring timer T, quiet C, unmute C, music C
     seatBack:a/B                        | consult→120 r0 [a] held | no back timer A, join B, ringback B
     initiatorGone:A/lost                | release→120 r0 [] | no back timer A, free a, quiet C, unmute C, ringback C`,
  ],
  [
    calls.transferring('release', 'b~', '110'),
    `noSeat                              | talking [b~]      | no seek timer C, seek no more, music C`,
  ],
  [
    calls.consulting('119'),
    `callerGone                          | talking [a 119] without her
     seatChosen                          | .                 | spare n
     seatChosen:a                        | .
     promptEnded noSeat targetRinging targetAnswered targetSilent seekSilent partyGone leaveDue:A seatBack stranger | .
     targetKey centreDue place:0 say:storm ${waits} | .
     mark                                | consulting [a 119] danger
     targetGone:goodbye targetGone:lost  | talking [a]       | quiet C, unmute C
     initiatorGone:A/lost                | talking [119]     | free a, quiet C, unmute C
     seatAway                            | consulting [a~ 119] | back timer A 3
     seatBack:a/B                        | consulting [a 119] | part A, join B
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
  // The switch has begun anew: nobody is on any line any more.
  [calls.welcoming(), `switchLost | ended switch-lost | close`],
  [calls.waiting('steps'), `switchLost | ended switch-lost | no step timer C, seek no more, close`],
  [calls.waiting('hears', 'promised'), `switchLost | call-back 12345`],
  [
    calls.offered('n'),
    `switchLost | ended switch-lost | no offer timer N, spare n, seek no more, close`,
  ],
  [calls.callBack(), `switchLost | .`],
  [calls.callBack('n'), `switchLost | .`],
  [calls.callingBack('n'), `switchLost | .`],
  [calls.resting(), `switchLost | .`],
  [calls.ended(), `switchLost | .`],
  [calls.talking('a 119'), `switchLost | ended switch-lost | free a, close`],
  [
    calls.transferring('one-key', 'a', '119'),
    `switchLost | ended switch-lost | no ring timer T, free a, close`,
  ],
  [
    calls.transferring('three-way', 'a b', '119'),
    `switchLost | ended switch-lost | no ring timer T, free a, free b, close`,
  ],
  [
    calls.transferring('consult', 'a', '110:b'),
    `switchLost | ended switch-lost | no seek timer C, seek no more, no offer timer B, spare b, free a, close`,
  ],
  [
    calls.transferring('release', '', '110'),
    `switchLost | ended switch-lost | no seek timer C, seek no more, close`,
  ],
  [calls.consulting('b'), `switchLost | ended switch-lost | free a, free b, close`],
  [calls.rating(), `switchLost | ended goodbye | no step timer C, close`],
  // 回访: the operator's phone rings, then she does; she is rung once.
  [
    calls.ringingSeat('p'),
    `targetAnswered                      | calling-back [p] r1 | no offer timer P, join P, talks p, ring c1.caller.1 by t1, ring timer c1.caller.1 30, ringback P
     targetGone:busy targetGone:lost     | ended not-reached | no offer timer P, free p, close
     targetSilent refuse                 | ended not-reached | no offer timer P, hangUp P, free p, close
     answer                              | !answer-on-phone
     seatChosen                          | .                 | spare n
     callerGone switchLost promptEnded noSeat targetRinging targetKey centreDue seekSilent | .
     place:0 say:storm ${waits}          | .
     initiatorGone partyGone leaveDue seatAway seatBack stranger | .
     hold resume mute unmute mark transfer drop leave hangUp | !not-talking-yet
     cancel merge complete takeBack      | !no-transfer`,
  ],
  [
    calls.ringingBack('a'),
    `targetAnswered                      | talking [a]       | no ring timer T, join T, quiet A
     targetGone:busy targetGone:no-answer | ended not-reached | no ring timer T, quiet A, ${out}, no callBack timer C, close
     targetSilent cancel leave hangUp    | ended not-reached | no ring timer T, hangUp T, quiet A, ${out}, no callBack timer C, close
     partyGone:A/lost partyGone:A/goodbye | ended not-reached | no ring timer T, hangUp T, free a, no callBack timer C, close`,
  ],
  // 好差评: the operator is free, she is asked, presses a key or none, and is let go.
  [
    calls.rating(),
    `callerGone                          | ended goodbye     | no step timer C, close
     announced:1                         | rating a -        | step timer C 8
     announced:2 callerKey:0 callerKey:6 callerKey:# callerKey:* | .
     callerKey:1                         | rating a 1 hears  | hush C 1, say C 2 satisfaction-thanks, step timer C 10
     stepDue                             | ended goodbye     | no step timer C, hangUp C, close
     seatChosen                          | .                 | spare n
     promptEnded noSeat ${rings} seekSilent place:0 say:storm rangAgain callBackDue | .
     initiatorGone partyGone leaveDue seatAway seatBack stranger | .
     supervisorHere supervisorGone supervisorSilent earOpen earGone | .
     supervise endSupervising takeOver endCall dismissHelp askHelp withdrawHelp | !call-ended
     answer refuse hold resume mute unmute mark transfer cancel merge complete takeBack drop leave hangUp | !call-ended`,
  ],
  [
    calls.rating(null, 'waits'),
    `callerKey:5                         | rating a 5 hears  | say C 2 satisfaction-thanks, step timer C 10
     announced:1                         | .
     stepDue                             | ended goodbye     | no step timer C, hangUp C, close`,
  ],
  [
    calls.rating(5),
    `callerKey:1                         | .
     announced:1                         | .
     announced:2 stepDue                 | ended goodbye     | no step timer C, hangUp C, close`,
  ],
  // Whom nobody asks.
  ...[
    { danger: true },
    { drill: true },
    { spared: true },
    { hotline: '110' },
    { parties: [party('q')] },
  ].map((why): [Call, string] => [
    { ...calls.talking('a'), ...why } as Call,
    `hangUp | ended goodbye${'danger' in why ? ' danger' : ''} | ${'parties' in why ? 'hangUp Q, free q' : out}, hangUp C, close`,
  ]),
  [
    calls.ended(),
    `seatChosen                          | .                 | spare n
     callerGone promptEnded noSeat ${rings} seekSilent place:0 say:storm ${waits} | .
     initiatorGone partyGone leaveDue seatAway seatBack stranger | .
     answer refuse hold resume mute unmute mark transfer cancel merge complete takeBack drop leave hangUp | !call-ended`,
  ],
  ...managerPictures,
];

const facts: Column[] = [
  'callerGone', 'switchLost', 'promptEnded', 'seatChosen', 'noSeat', 'place', 'say', 'rangAgain', 'announced', 'callerKey',
  'targetRinging', 'targetAnswered', 'targetKey', 'targetGone', 'targetSilent', 'seekSilent', 'initiatorGone',
  'partyGone', 'leaveDue', 'stepDue', 'centreDue', 'callBackDue', 'seatAway', 'seatBack', 'stranger',
  'supervisorHere', 'supervisorGone', 'supervisorSilent', 'earOpen', 'earGone',
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
  expect(cells).toHaveLength(16 * 52);
  expect(cells.filter((one) => !shown.has(one))).toEqual([]);
});
