import { conf } from './base-files.ts';
import { CITIZEN_TRUNK, practiceNumbers, type AsteriskPlan, type Patience } from './plan.ts';

/** Bytes of each header that are handed over; all together must fit into Asterisk's 8192 after base64. */
const HEADERS = [
  { name: 'Diversion', variable: 'LD_DIV', lines: 5, each: 400 },
  { name: 'User-to-User', variable: 'LD_UUI', lines: 1, each: 600 },
  { name: 'History-Info', variable: 'LD_HI', lines: 8, each: 250 },
  { name: 'Call-Info', variable: 'LD_CI', lines: 2, each: 300 },
] as const;

export function extensions(plan: AsteriskPlan, patience: Patience): string {
  return [
    fromTrunk(plan),
    plan.citizens ? fromCitizens(plan) : '',
    handOver(plan, patience),
    seats(plan),
    practiceNumbers(plan).length > 0 ? practice(plan) : '',
  ].join('\n');
}

/** Other numbers than ours are refused with 404 before a channel exists. */
const fromTrunk = (plan: AsteriskPlan): string =>
  conf(
    '[from-trunk]',
    ...plan.numbers.flatMap((number) =>
      extension(
        number,
        'Set(LD_TRUNK=${CHANNEL(endpoint)})',
        ...callerId,
        'Goto(hand-over,${EXTEN},1)',
      ),
    ),
  );

/** The number to practise with stands in X-Caller, or in From; X-Withhold: 1 hides it. */
const fromCitizens = (plan: AsteriskPlan): string =>
  conf(
    '[from-citizens]',
    ...plan.numbers.flatMap((number) =>
      extension(
        number,
        `Set(LD_TRUNK=${CITIZEN_TRUNK})`,
        ...readInto('LD_ONE', 'PJSIP_HEADER(read,X-Caller)', ''),
        'GotoIf($[${LEN(${LD_ONE})} > 0]?given)',
        ...readInto('LD_ONE', 'CALLERID(num)', ''),
        '(given)Set(LD_ONE=${FILTER(0-9,${LD_ONE:0:40})})',
        'Set(CALLERID(all)="" <${LD_ONE:0:15}>)',
        ...readInto('LD_ONE', 'PJSIP_HEADER(read,X-Withhold)'),
        'Set(LD_ONE=${FILTER(1,${LD_ONE:0:1})})',
        'Set(CALLERID(pres)=${IF($["${LD_ONE}" = "1"]?prohib:allowed)})',
        'Goto(hand-over,${EXTEN},1)',
      ),
    ),
  );

/**
 * Collects what came with the call and gives it to the controller. While there is none, the caller
 * is answered, hears music, and is offered again and again.
 */
function handOver({ app, soundsDir }: AsteriskPlan, patience: Patience): string {
  const args = ['call', '${LD_TRUNK}', '${EXTEN}', '${CALLERID(num-pres)}'];
  for (const { variable } of HEADERS) args.push(`\${${variable}}`);
  return conf(
    '[hand-over]',
    ...extension(
      '_[+0-9]!',
      'Set(LD_NEWLINE=${BASE64_DECODE(Cg==)})',
      ...HEADERS.flatMap(readHeader),
      'Set(LD_TRY=0)',
      `(offer)Stasis(${[app, ...args].join(',')})`,
      'GotoIf($["${STASISSTATUS}" = "SUCCESS"]?bye)',
      'ExecIf($[${LD_TRY} = 0]?Answer())',
      'Set(LD_TRY=$[${LD_TRY} + 1])',
      `GotoIf($[\${LD_TRY} > ${patience.tries}]?sorry)`,
      'GotoIf($[${LD_TRY} % 15 != 1]?music)',
      `Playback(${soundsDir}/please-wait)`,
      'Goto(offer)',
      `(music)MusicOnHold(music,${patience.retrySeconds})`,
      'Goto(offer)',
      `(sorry)Playback(${soundsDir}/sorry-try-later)`,
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

/** A `)` followed by a `:` in a value would end the function that the value is given to. */
const readInto = (variable: string, source: string, instead = '%29'): string[] => [
  `Set(${variable}=\${${source}})`,
  `Set(${variable}=\${STRREPLACE(${variable},),${instead})})`,
];

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

/** The steps of one extension; `(label)` may stand before a step. */
const extension = (pattern: string, ...steps: readonly string[]): string[] =>
  steps.map((step, index) => {
    const [, label = '', application = step] = /^(\([a-z]+\))(.*)$/s.exec(step) ?? [];
    return index === 0
      ? `exten => ${pattern},1${label},${application}`
      : ` same => n${label},${application}`;
  });
