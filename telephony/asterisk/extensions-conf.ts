import { conf } from './base-files.ts';
import { extension, readInto } from './dialplan.ts';
import { BEAT, CITIZEN_TRUNK, practiceNumbers, type AsteriskPlan } from './plan.ts';
import { kindOfCaller, survival } from './survival-conf.ts';

/** How long a call is offered. A controller that lives claims it within some ms; she shall hear music within 1 s. */
const OFFER_MS = 700;

/** While no controller takes her she hears a word after so long, and again after so long each time. */
const FIRST_WORD_SECONDS = 3;
const WORD_EVERY_SECONDS = 15;

/** Bytes of each header that are handed over; all together must fit into Asterisk's 8192 after base64. */
const HEADERS = [
  { name: 'Diversion', variable: 'LD_DIV', lines: 5, each: 400 },
  { name: 'User-to-User', variable: 'LD_UUI', lines: 1, each: 600 },
  { name: 'History-Info', variable: 'LD_HI', lines: 8, each: 250 },
  { name: 'Call-Info', variable: 'LD_CI', lines: 2, each: 300 },
] as const;

export function extensions(plan: AsteriskPlan): string {
  return [
    fromTrunk(plan),
    plan.citizens ? fromCitizens(plan) : '',
    handOver(plan),
    survival(plan),
    seats(plan),
    practiceNumbers(plan).length > 0 ? practice(plan) : '',
  ].join('\n');
}

/** Other numbers than ours are refused with 404 before a channel exists. */
const fromTrunk = (plan: AsteriskPlan): string =>
  conf('[from-trunk]', ...ourNumbers(plan, 'Set(LD_TRUNK=${CHANNEL(endpoint)})', ...callerId));

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
  lines.flatMap(({ numbers, patienceSeconds }) =>
    numbers.flatMap((number) =>
      extension(
        number,
        ...steps,
        `Set(LD_PATIENCE=${patienceSeconds})`,
        'Goto(hand-over,${EXTEN},1)',
      ),
    ),
  );

/**
 * Collects what came with the call and offers it to the controller, who has it once it claims it (decision 0007). While
 * there is none, or it hangs, she is answered, hears music and a word, is offered again as soon as one shows that it
 * lives, and goes to the survival centre when that takes too long. We never hang up.
 */
function handOver({ app, trunks, soundsDir }: AsteriskPlan): string {
  const args = ['call', '${LD_TRUNK}', '${EXTEN}', '${CALLERID(num-pres)}'];
  for (const { variable } of HEADERS) args.push(`\${${variable}}`);
  return conf(
    '[hand-over]',
    ...extension(
      '_[+0-9]!',
      'Set(LD_NEWLINE=${BASE64_DECODE(Cg==)})',
      ...HEADERS.flatMap(readHeader),
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
      '(music)StartMusicOnHold(music)',
      '(wait)Wait(1)',
      'GotoIf($[${EPOCH} >= ${LD_SURVIVAL}]?survival)',
      'GotoIf($[${EPOCH} >= ${LD_WORD}]?word)',
      `GotoIf($["\${${BEAT}}" = "\${LD_SEEN}"]?wait)`,
      'StopMusicOnHold()',
      'Goto(offer)',
      `(word)Playback(${soundsDir}/please-wait)`,
      `Set(LD_WORD=$[\${EPOCH} + ${WORD_EVERY_SECONDS}])`,
      'Goto(music)',
      '(survival)Set(LD_SURVIVAL=$[${EPOCH} + ${LD_PATIENCE}])',
      // An exercise stays in the house.
      ...trunks
        .filter(({ drill }) => drill)
        .map(({ name }) => `GotoIf($["\${LD_TRUNK}" = "${name}"]?music)`),
      ...kindOfCaller,
      'Gosub(survival,${EXTEN},1)',
      'Set(LD_SURVIVAL=$[${EPOCH} + ${LD_PATIENCE}])',
      'Goto(music)',
      '(bye)Hangup()',
    ),
  );
}

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
    ...extension('_[a-z0-9][a-z0-9]!', `Stasis(${app},seat,\${CHANNEL(endpoint)})`, 'Hangup(34)'),
    '',
    '[phones]',
    ...extension('_[+*#0-9]!', 'Congestion(1)', 'Hangup()'),
  );

/** Who is called in practice rings for two seconds, answers and is an echo; a centre presses 1 before. */
const practice = ({ practicePeers, practiceCentres, soundsDir }: AsteriskPlan): string => {
  const answers = (number: string, ...then: readonly string[]): string[] =>
    extension(number, 'Ringing()', 'Wait(2)', 'Answer()', ...then, 'Echo()', 'Hangup()');
  return conf(
    '[practice-peers]',
    ...practicePeers.flatMap((number) => answers(number, `Playback(${soundsDir}/practice-peer)`)),
    ...practiceCentres.flatMap((number) => answers(number, 'Wait(2)', 'SendDTMF(1)')),
  );
};
