import type { Call, TransferKind } from '../../telephony/call.ts';
import { calls, helpAsked, withManager } from './calls.ts';

/**
 * The cells of a manager with a call, drawn as in table.test.ts. m is a manager's place with a browser on leg M, k one
 * with a phone, x another manager's; E is the ear by which he whispers; `+m:listen` after a call is the manager in it.
 */
const facts = 'supervisorHere supervisorGone supervisorSilent earOpen earGone';
const requests = 'supervise endSupervising takeOver endCall dismissHelp askHelp withdrawHelp';
const kinds: readonly TransferKind[] = ['one-key', 'three-way', 'consult', 'release'];
const out = 'part A, no leave timer A, free a';
const earAt = 'ear c1.ear.1 at A';

const nobodyTalks = [
  calls.welcoming(),
  calls.waiting(),
  calls.offered('n'),
  calls.callBack(),
  calls.callBack('n'),
  calls.callingBack('n'),
  calls.resting(),
  calls.ringingSeat('p'),
  calls.ringingBack('a'),
];

export const managerPictures: [Call, string][] = [
  ...nobodyTalks.map((call): [Call, string] => [
    call,
    `${facts} | .
     ${requests} | !not-talking-yet`,
  ]),
  [
    calls.ended(),
    `${facts} | .
     ${requests} | !call-ended`,
  ],
  [
    calls.talking('a'),
    `${facts}                 | .
     supervise:listen         | talking [a] +m:listen | mute M, join M
     supervise:whisper        | talking [a] +m:whisper? | mute M, join M, ${earAt}
     supervise:barge          | talking [a] +m:barge | mute M, join M, unmute M, chime
     supervise:listen/k       | talking [a] +k:listen rings | phone c1.supervisor-k.1, supervisor timer c1.supervisor-k.1 20
     supervise:listen/none    | !no-line-of-own
     supervise:listen/down    | !own-line-down
     supervise:listen/a       | !talking-yourself
     endSupervising takeOver  | !not-supervising
     endCall                  | ended ended-by-manager | ${out}, hangUp C, close
     dismissHelp withdrawHelp | !no-help-asked
     askHelp                  | talking [a] help`,
  ],
  [
    helpAsked(calls.talking('a b')),
    `askHelp                  | !help-asked-already
     withdrawHelp dismissHelp | talking [a b]
     withdrawHelp:b           | !no-help-asked
     supervise:barge          | talking [a b] +m:barge | mute M, join M, unmute M, chime`,
  ],
  [calls.talking('119'), `supervise | !no-operator-here`],
  [
    withManager(calls.talking('a', 'held'), 'listen'),
    `supervisorHere supervisorSilent earOpen earGone | .
     supervisorGone           | talking [a] held
     supervise:listen         | !supervising-so
     supervise:listen/x       | !supervised-already
     supervise:whisper        | talking [a] held +m:whisper? | ${earAt}
     supervise:barge          | talking [a] held +m:barge | unmute M, chime
     endSupervising           | talking [a] held | part M, unmute M
     endSupervising:x takeOver:x | !not-supervising
     takeOver                 | talking [m] | unmute M, takes over m, quiet C, unmute C, ${out}`,
  ],
  [
    withManager(calls.talking('a'), 'whisper?'),
    `earOpen                  | talking [a] +m:whisper | part M, whisper M E, unmute M
     earGone                  | talking [a] +m:listen | no ear E
     supervisorGone           | talking [a] | no ear E
     supervise:barge          | talking [a] +m:barge | no ear E, unmute M, chime
     endSupervising           | talking [a] | no ear E, part M, unmute M
     takeOver                 | talking [m] | no ear E, unmute M, takes over m, ${out}`,
  ],
  [
    withManager(calls.talking('a b'), 'whisper'),
    `earOpen                  | .
     earGone supervise:listen | talking [a b] +m:listen | mute M, no ear E from M, join M
     supervisorGone           | talking [a b] | no ear E
     supervise:barge          | talking [a b] +m:barge | mute M, no ear E from M, join M, unmute M, chime
     endSupervising           | talking [a b] | no ear E from M
     takeOver                 | talking [m b] | no ear E from M, join M, takes over m, ${out}`,
  ],
  [
    withManager(calls.talking('a', 'held'), 'barge'),
    `partyGone:A/lost partyGone:A/goodbye | talking [m] | takes over m, quiet C, unmute C, free a
     leave hangUp             | talking [m] | takes over m, quiet C, unmute C, ${out}
     supervise:listen         | talking [a] held +m:listen | mute M
     supervise:whisper        | talking [a] held +m:whisper? | mute M, ${earAt}
     endSupervising           | talking [a] held | part M`,
  ],
  [withManager(calls.talking('119'), 'barge'), `supervise:listen takeOver | !no-operator-here`],
  [
    withManager(calls.talking('a'), 'whisper rings'),
    `supervisorHere           | talking [a] +k:whisper? | no supervisor timer K, mute K, join K, ${earAt}
     supervisorGone:busy      | talking [a] | no supervisor timer K
     supervisorSilent         | talking [a] | hangUp K
     supervise:barge/k        | talking [a] +k:barge rings
     endSupervising:k         | talking [a] | no supervisor timer K, hangUp K
     takeOver:k               | !pick-up-first`,
  ],
  [
    withManager(calls.talking('a'), 'listen k'),
    `endSupervising:k         | talking [a] | hangUp K
     takeOver:k               | talking [k] | unmute K, takes over k, ${out}`,
  ],
  [
    withManager(calls.talking('a'), 'whisper k'),
    `endSupervising:k | talking [a] | hangUp K, no ear E`,
  ],
  ...kinds.map((kind): [Call, string] => {
    const who = kind === 'release' ? 'b a' : 'a';
    const held = kind === 'consult' ? ' held' : '';
    const shown = `${kind}→120 r0 [${who}]${held}`;
    const others = kind === 'release' ? 'part B, no leave timer B, free b, ' : '';
    const quiet = kind === 'consult' ? 'quiet A, ' : '';
    return [
      withManager(calls.transferring(kind, who, '120'), 'whisper?'),
      `supervisorHere supervisorSilent | .
       supervisorGone         | ${shown} | no ear E
       earOpen                | ${shown} +m:whisper | part M, whisper M E, unmute M
       earGone                | ${shown} +m:listen | no ear E
       supervise:listen       | ${shown} +m:listen | no ear E
       endSupervising         | ${shown} | no ear E, part M, unmute M
       takeOver               | !take-over-later
       endCall                | ended ended-by-manager +m:whisper? | ${quiet}no ring timer T, hangUp T, ${others}${out}, hangUp C, close
       askHelp                | ${shown} +m:whisper? help
       withdrawHelp dismissHelp | !no-help-asked`,
    ];
  }),
  [
    withManager(calls.consulting('b'), 'listen'),
    `supervisorHere supervisorSilent earOpen earGone | .
     supervisorGone           | consulting [a b]
     supervise:barge          | consulting [a b] +m:barge | unmute M, chime
     endSupervising           | consulting [a b] | part M, unmute M
     takeOver                 | !take-over-later
     endCall                  | ended ended-by-manager +m:listen | ${out}, part B, no leave timer B, free b, hangUp C, close
     askHelp                  | consulting [a b] +m:listen help
     withdrawHelp dismissHelp | !no-help-asked`,
  ],
];
