import { conf } from './base-files.ts';
import { extension, readInto } from './dialplan.ts';
import { OFFER_MS } from './door.ts';
import { argsInDialplan, marksInDialplan } from './leg-marks.ts';
import { BEAT, CITIZEN_TRUNK, LEGS, PRACTICE, WORD, type AsteriskPlan } from './plan.ts';
import { practice } from './practice-conf.ts';
import { kindOfCaller, survival } from './survival-conf.ts';

/** Where in the beat the last ticket of her kind stands that may be offered, and the first that is sent on. */
const OTHERS = 2;
const EMERGENCY = 3;
const FULL = 4;

/** While no controller takes her she hears a word after so long, and again after so long each time. */
const FIRST_WORD_SECONDS = 3;
const WORD_EVERY_SECONDS = 15;
/** How often she looks whether one lives, in seconds: at first, while another takes over, and after her first word. */
const LOOK = { first: 0.25, later: 1 } as const;

/** Bytes of each header that are handed over; all together must fit into Asterisk's 8192 after base64. */
const HEADERS = [
  { name: 'Diversion', variable: 'LD_DIV', lines: 5, each: 400 },
  { name: 'User-to-User', variable: 'LD_UUI', lines: 1, each: 600 },
  { name: 'History-Info', variable: 'LD_HI', lines: 8, each: 250 },
  { name: 'Call-Info', variable: 'LD_CI', lines: 2, each: 300 },
] as const;

/** What a SIP request shares with none but its own repeats (RFC 3261 8.2.2.2). */
const OF_ONE_INVITE = [
  'CHANNEL(pjsip,call-id)',
  'CHANNEL(pjsip,remote_tag)',
  'PJSIP_HEADER(read,CSeq)',
] as const;

/** An INVITE is sent again for at most 64·T1 (RFC 3261 17.1.1.2), and a network holds nothing for longer than two minutes (RFC 9293). */
const LAST_REPEAT_SECONDS = 32 + 120;

export function extensions(plan: AsteriskPlan): string {
  return [
    fromTrunk(plan),
    plan.citizens ? fromCitizens(plan) : '',
    handOver(plan),
    legs(plan),
    survival(plan),
    seats(plan),
    practice(plan, fromPractice(plan)),
  ].join('\n');
}

/** Other numbers than ours are refused with 404 before a channel exists. */
const fromTrunk = (plan: AsteriskPlan): string =>
  conf('[from-trunk]', ...ourNumbers(plan, 'Set(LD_TRUNK=${CHANNEL(endpoint)})', ...callerId));

/** Citizens whom Asterisk plays ring as if by the first practice trunk. */
function fromPractice(plan: AsteriskPlan): string[] {
  const trunk = plan.trunks.find(({ address, drill }) => address.host === PRACTICE && !drill);
  const played = plan.seats.some((seat) => seat.played);
  return trunk && played ? ourNumbers(plan, `Set(LD_TRUNK=${trunk.name})`, ...callerId) : [];
}

/** The number to practise with stands in X-Caller, or in From; X-Withhold: 1 hides it. */
const fromCitizens = (plan: AsteriskPlan): string =>
  conf(
    '[from-citizens]',
    ...ourNumbers(
      plan,
      `Set(LD_TRUNK=${CITIZEN_TRUNK})`,
      ...readInto('LD_ONE', 'PJSIP_HEADER(read,X-Caller)', ''),
      'GotoIf($[${LEN(${LD_ONE})} > 0]?given)',
      ...readInto('LD_ONE', 'CALLERID(num)', ''),
      '(given)Set(LD_ONE=${FILTER(0-9,${LD_ONE:0:40})})',
      'Set(CALLERID(all)="" <${LD_ONE:0:15}>)',
      ...readInto('LD_ONE', 'PJSIP_HEADER(read,X-Withhold)'),
      'Set(LD_ONE=${FILTER(1,${LD_ONE:0:1})})',
      'Set(CALLERID(pres)=${IF($["${LD_ONE}" = "1"]?prohib:allowed)})',
    ),
  );

/** Each of our numbers: these steps, and then she is handed over. */
const ourNumbers = ({ lines }: AsteriskPlan, ...steps: readonly string[]): string[] =>
  lines.flatMap(({ hotline, numbers, emergency, patienceSeconds }) =>
    numbers.flatMap((number) =>
      extension(
        number,
        ...steps,
        `MSet(${marksInDialplan('caller', hotline)},LD_PATIENCE=${patienceSeconds},LD_CLASS=${emergency ? EMERGENCY : OTHERS})`,
        'Goto(hand-over,${EXTEN},1)',
      ),
    ),
  );

/**
 * Collects what came with the call and offers it to the controller, who has it once it claims it (decision 0007). While
 * there is none, or it hangs, or more come than it can take (decision 0010), she is answered, hears music and a word, is
 * offered again as soon as one shows that it lives and her turn has come, and goes to the survival centre when that takes
 * too long. We never hang up.
 */
function handOver({ app, trunks }: AsteriskPlan): string {
  const args = ['call', '${LD_TRUNK}', '${EXTEN}', '${CALLERID(num-pres)}'];
  for (const { variable } of HEADERS) args.push(`\${${variable}}`);
  return conf(
    '[hand-over]',
    ...extension(
      '_[+0-9]!',
      ...notAgain,
      'Set(LD_NEWLINE=${BASE64_DECODE(Cg==)})',
      ...HEADERS.flatMap(readHeader),
      // Asterisk counts its channels: who has the lower number came before.
      `Set(LD_TICKET=\${CUT(UNIQUEID,.,2)})`,
      `(offer)Set(LD_SEEN=\${${BEAT}})`,
      'GotoIf($["${IFMODULE(app_stasis_broadcast.so)}" = "1"]?broadcast)',
      // Before Asterisk 22.10 nothing is claimed, and asking an application that is not there costs nothing.
      'Set(LD_SEEN=never)',
      `Stasis(${[app, ...args].join(',')})`,
      'Goto(offered)',
      `(broadcast)StasisBroadcast(${OFFER_MS},^${app.replaceAll('.', '[.]')}$,${args.join(':')})`,
      '(offered)GotoIf($["${STASISSTATUS}" = "SUCCESS"]?bye)',
      'GotoIf($["${LD_WORD}" != ""]?music)',
      'Answer(,i)',
      `Set(LD_WORD=$[\${EPOCH} + ${FIRST_WORD_SECONDS}])`,
      'Set(LD_SURVIVAL=$[${EPOCH} + ${LD_PATIENCE}])',
      // Where every look is an offer (before 22.10), more of them would chop her music.
      `Set(LD_LOOK=\${IF($["\${LD_SEEN}" = "never"]?${LOOK.later}:${LOOK.first})})`,
      '(music)StartMusicOnHold(music)',
      '(wait)Wait(${LD_LOOK})',
      // EPOCH is whole seconds: one more, lest she go before her patience is over.
      'GotoIf($[${EPOCH} > ${LD_SURVIVAL}]?survival)',
      'GotoIf($[${EPOCH} >= ${LD_WORD}]?word)',
      `GotoIf($["\${${BEAT}}" = "\${LD_SEEN}"]?wait)`,
      `Set(LD_SEEN=\${${BEAT}})`,
      // A controller of before knows no turns.
      `GotoIf($["\${CUT(LD_SEEN,:,${FULL})}" = ""]?again)`,
      // Too many wait: on with her, once, and after that when her patience is over, like everybody.
      `GotoIf($["\${LD_CLASS}\${LD_SENT}" != "${OTHERS}"]?turn)`,
      `GotoIf($[\${LD_TICKET} < \${CUT(LD_SEEN,:,${FULL})}]?turn)`,
      'Set(LD_SENT=1)',
      'Goto(survival)',
      '(turn)GotoIf($[${LD_TICKET} > ${CUT(LD_SEEN,:,${LD_CLASS})}]?wait)',
      '(again)StopMusicOnHold()',
      'Goto(offer)',
      // As music, so that she can be offered in the middle of it.
      '(word)StopMusicOnHold()',
      `StartMusicOnHold(${WORD})`,
      `Set(LD_WORD=$[\${EPOCH} + ${WORD_EVERY_SECONDS}])`,
      `Set(LD_LOOK=${LOOK.later})`,
      'Goto(wait)',
      '(survival)Set(LD_SURVIVAL=$[${EPOCH} + ${LD_PATIENCE}])',
      // An exercise stays in the house.
      ...trunks
        .filter(({ drill }) => drill)
        .map(({ name }) => `GotoIf($["\${LD_TRUNK}" = "${name}"]?music)`),
      ...kindOfCaller,
      'Set(LD_MUSIC=music)',
      'Gosub(survival,${EXTEN},1)',
      'Set(LD_SURVIVAL=$[${EPOCH} + ${LD_PATIENCE}])',
      'StopMusicOnHold()',
      'StartMusicOnHold(${LD_MUSIC})',
      'Goto(wait)',
      '(bye)Hangup()',
      '(repeat)PJSIPHangup(482)',
    ),
  );
}

/**
 * An INVITE that the network doubled or held back may come when the one before it was answered and acknowledged:
 * Asterisk's SIP stack knows that transaction no more (before the ACK it does) and begins a second call. It is no call:
 * her phone has the first one, whose transaction is over there too, so that a 482 to the repeat is not heeded. Known are
 * all calls that are up, and the last one in each of 1,000 places: Asterisk cannot take a global variable away again, so
 * there must not be one for each call.
 */
const notAgain: readonly string[] = [
  ...OF_ONE_INVITE.flatMap((source) => [
    ...readInto('LD_ONE', source),
    'Set(LD_INVITE=${MD5(${LD_INVITE}${LD_ONE})})',
  ]),
  'Set(LD_ONE=LD_INVITE_${FILTER(0-9,${LD_INVITE}):0:3})',
  'Set(LD_BEFORE=${GLOBAL(${LD_ONE})})',
  'GotoIf($[${GROUP_COUNT(${LD_INVITE}@invite)} > 0]?repeat)',
  'GotoIf($["${LD_BEFORE:0:32}" != "${LD_INVITE}"]?first)',
  `GotoIf($[\${EPOCH} < \${LD_BEFORE:32} + ${LAST_REPEAT_SECONDS}]?repeat)`,
  '(first)Set(GROUP(invite)=${LD_INVITE})',
  'Set(GLOBAL(${LD_ONE})=${LD_INVITE}${EPOCH})',
];

/**
 * Who has answered a ring of ours comes to the controller that rang. While there is none he hears music, and is asked
 * for again as soon as one shows that it lives. When it has come it decides; before, only he hangs up.
 */
const legs = ({ app }: AsteriskPlan): string =>
  conf(
    `[${LEGS}]`,
    ...extension(
      LEGS,
      `Stasis(${app},${argsInDialplan})`,
      'GotoIf($["${STASISSTATUS}" = "SUCCESS"]?bye)',
      `Set(LD_SEEN=\${${BEAT}})`,
      'StartMusicOnHold(music)',
      '(wait)Wait(0.1)',
      `GotoIf($["\${${BEAT}}" = "\${LD_SEEN}"]?wait)`,
      'StopMusicOnHold()',
      'Goto(1)',
      '(bye)Hangup()',
    ),
  );

/** Values come from outside: each stands alone in a Set, never in an expression or a condition. */
function readHeader({ name, variable, lines, each }: (typeof HEADERS)[number]): string[] {
  const label = variable.toLowerCase().replace('_', '');
  const read = Array.from({ length: lines }, (_, i) => [
    ...readInto('LD_ONE', `PJSIP_HEADER(read,${name},${i + 1})`),
    `GotoIf($[\${LEN(\${LD_ONE})} = 0]?${i === 0 ? `${label}none` : label})`,
    `Set(${variable}=\${${variable}}\${LD_ONE:0:${each}}\${LD_NEWLINE})`,
  ]);
  return [
    ...read.flat(),
    `(${label})Set(${variable}=\${BASE64_ENCODE(\${${variable}})})`,
    `(${label}none)NoOp()`,
  ];
}

/**
 * A withheld number stays withheld on every trunk (Asterisk heeds Privacy on trusted ones alone),
 * and what has no digits is no number.
 */
const callerId: readonly string[] = [
  ...readInto('LD_ONE', 'PJSIP_HEADER(read,Privacy)'),
  'Set(LD_ONE=${FILTER(a-zA-Z,${LD_ONE:0:60})})',
  'ExecIf($["${LD_ONE}" =~ "(id|user|header)"]?Set(CALLERID(pres)=prohib))',
  ...readInto('LD_ONE', 'CALLERID(num)', ''),
  'GotoIf($[${LEN(${FILTER(0-9,${LD_ONE})})} > 0]?number)',
  'Set(CALLERID(num)=)',
  'Set(LD_ONE=${FILTER(a-zA-Z,${LD_ONE:0:60})})',
  'Set(CALLERID(pres)=${IF($["${LD_ONE}" =~ "anonymous"]?prohib:unavailable)})',
  '(number)NoOp()',
];

/** A browser's one leg of the shift, whatever it dials; phones only take calls. */
const seats = ({ app }: AsteriskPlan): string =>
  conf(
    '[seats]',
    ...extension(
      '_[a-z0-9][a-z0-9]!',
      `MSet(${marksInDialplan('seat')})`,
      `Stasis(${app},seat,\${CHANNEL(endpoint)})`,
      'Hangup(34)',
    ),
    '',
    '[phones]',
    ...extension('_[+*#0-9]!', 'Congestion(1)', 'Hangup()'),
  );
