import { ringOn } from '../identity.ts';
import type { Route } from '../trunk.ts';
import { conf } from './base-files.ts';
import { extension, readInto } from './dialplan.ts';
import { SORRY, type AsteriskPlan, type Line, type Survival } from './plan.ts';
import { identity } from './new-leg-looks.ts';

/** How often a person who answers is asked to press 1, and how long after each time he may. */
const ASKED = 3;
const PRESS_SECONDS = 4;

/** Whom the trunk's rules tell apart: is there a number that one may write down, and does she withhold it? */
const KINDS = [
  { name: 'known-shown', known: true, withheld: false },
  { name: 'known-withheld', known: true, withheld: true },
  { name: 'unknown-shown', known: false, withheld: false },
  { name: 'unknown-withheld', known: false, withheld: true },
] as const;

/**
 * The contexts by which callers go to the survival centre of their hotline: `Gosub(survival,dialled,1)`, after
 * `kindOfCaller`. It comes back when nobody has taken her there.
 */
export function survival(plan: AsteriskPlan): string {
  const { lines, soundsDir } = plan;
  return [
    conf('[survival]', ...lines.flatMap((line, i) => lineSteps(line, i))),
    ...lines.flatMap((line, i) =>
      (line.survival?.routes ?? []).map((route, j) => headers(plan, line, route, context(i, j))),
    ),
    taking(soundsDir),
  ].join('\n');
}

/** What is known of her, for the trunk on which she goes on. */
export const kindOfCaller: readonly string[] = [
  ...readInto('LD_ONE', 'CALLERID(num)'),
  'Set(_LD_NUMBER=${FILTER(+*0-9,${LD_ONE})})',
  'Set(LD_KIND=${REGEX("^[+]?[0-9*]{1,32}$" ${LD_NUMBER})})',
  'ExecIf($[${LEN(${LD_ONE})} != ${LEN(${LD_NUMBER})}]?Set(LD_KIND=0))',
  'Set(LD_KIND=${IF($["${LD_KIND}" = "1"]?known:unknown)})',
  'Set(LD_KIND=${LD_KIND}-${IF($["${CALLERID(num-pres):0:6}" = "prohib"]?withheld:shown)})',
];

const context = (line: number, route: number): string => `survival-${line + 1}-${route + 1}`;

/** Without a centre there is only a word, which is music: she may stay, and is offered again. */
function lineSteps(line: Line, index: number): string[] {
  const steps = line.survival
    ? [...dials(line.survival, index), 'Return()', '(taken)Hangup()']
    : [`Set(LD_MUSIC=${SORRY})`, 'Return()'];
  return line.numbers.flatMap((number) => extension(number, ...steps));
}

/**
 * `m`: music until she is taken; `g`: on with her when he who answered leaves before he took her; `I`: no word on the
 * way about who is connected.
 */
const dials = ({ routes, ringSeconds, confirm }: Survival, index: number): string[] =>
  routes.flatMap(({ trunk, number }, j) => [
    `Dial(PJSIP/${number}@${trunk},${ringSeconds},gIm(music)b(${context(index, j)}^\${LD_KIND}^1)U(survival-${confirm}))`,
    'GotoIf($["${LD_TAKEN}" = "1"]?taken)',
  ]);

/** Stands for her number, which is known only when she goes this way, while the trunk's rules are asked. */
const HERS = '0'.repeat(32);

/** The INVITE as the controller would have it, for each kind of caller; without a key, which only a controller mints. */
function headers(plan: AsteriskPlan, { hotline }: Line, route: Route, name: string): string {
  const trunk = plan.trunks.find((one) => one.name === route.trunk);
  if (!trunk) throw new TypeError(`No trunk ${route.trunk}`);
  const steps = KINDS.flatMap(({ name: kind, known, withheld }) => {
    const number = known ? HERS : null;
    const caller = { leg: '', trunk: '', number, withheld, asserted: false, passedOnBy: [] };
    const passing = { caller, hotline, key: '', host: plan.hosts.sip };
    const ring = ringOn(trunk, route, passing, 'citizen');
    const told = ring.headers.filter(([header]) => header !== 'User-to-User');
    const variables = Object.entries(identity({ ...ring, headers: told }));
    return extension(
      kind,
      ...variables.map(([to, value]) => `Set(${to}=${written(value)})`),
      'Return()',
    );
  });
  return conf(`[${name}]`, ...steps);
}

/** A `;` begins a remark. */
const written = (value: string): string =>
  value.replaceAll(';', '\\;').replaceAll(HERS, '${LD_NUMBER}');

/** He who answers has taken her once he has pressed 1, or at once. The caller hears music all the while. */
const taking = (soundsDir: string): string =>
  conf(
    '[survival-key]',
    ...extension(
      's',
      'Set(LD_ASKED=0)',
      `(ask)Read(LD_KEY,${soundsDir}/press-1-to-take,1,,1,${PRESS_SECONDS})`,
      'GotoIf($["${LD_KEY}" = "1"]?taken)',
      'Set(LD_ASKED=$[${LD_ASKED} + 1])',
      `GotoIf($[\${LD_ASKED} < ${ASKED}]?ask)`,
      'Set(GOSUB_RESULT=CONTINUE)',
      'Return()',
      '(taken)Set(MASTER_CHANNEL(LD_TAKEN)=1)',
      'Return()',
    ),
    '',
    '[survival-answer]',
    ...extension('s', 'Set(MASTER_CHANNEL(LD_TAKEN)=1)', 'Return()'),
  );
