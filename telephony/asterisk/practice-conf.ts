import { conf } from './base-files.ts';
import { extension } from './dialplan.ts';
import { marksInDialplan } from './leg-marks.ts';
import {
  PLAYED_SEATS,
  PLAYED_VOICES,
  practiceNumbers,
  seatEndpoint,
  VOICES,
  type AsteriskPlan,
} from './plan.ts';

/**
 * Between two sentences: recorded silence. A leg in Stasis is looked at when a packet comes from it, else every 200 ms, so
 * that one that sends nothing holds up every request of it; people's phones send in silence too.
 */
const PAUSE = 'pause';

/**
 * Who is called in practice rings for two seconds, answers and is an echo; a centre presses 1 before.
 * @param citizens what happens when a citizen whom Asterisk plays rings one of our numbers
 */
export function practice(plan: AsteriskPlan, citizens: readonly string[]): string {
  const { practicePeers, practiceCentres, soundsDir } = plan;
  if (practiceNumbers(plan).length === 0) return '';
  const answers = (number: string, ...then: readonly string[]): string[] =>
    extension(number, 'Ringing()', 'Wait(2)', 'Answer()', ...then, 'Echo()', 'Hangup()');
  return [
    conf(
      '[practice-peers]',
      ...practicePeers.flatMap((number) => answers(number, `Playback(${soundsDir}/practice-peer)`)),
      ...practiceCentres.flatMap((number) => answers(number, 'Wait(2)', 'SendDTMF(1)')),
      ...citizens,
    ),
    citizens.length > 0 ? players(plan) : '',
  ].join('\n');
}

/** Seats at which nobody sits: their lasting legs, and what they and citizens say. */
function players({ app, seats, soundsDir }: AsteriskPlan): string {
  const says = (voice: string): string[] =>
    extension(
      voice,
      'Answer()',
      `(again)Playback(${soundsDir}/${voice}&${soundsDir}/${PAUSE})`,
      'Goto(again)',
    );
  return [
    conf(
      `[${PLAYED_SEATS}]`,
      ...seats
        .filter(({ played }) => played)
        .flatMap(({ id }) =>
          extension(
            id,
            `MSet(${marksInDialplan('seat')})`,
            `Stasis(${app},seat,${seatEndpoint(id)})`,
            'Hangup()',
          ),
        ),
    ),
    conf(`[${PLAYED_VOICES}]`, ...Object.values(VOICES).flat().flatMap(says)),
  ].join('\n');
}
