import { aTalk } from '../../stories/talk.ts';
import type { Desk } from '../../given/desk.ts';
import type { Peer } from '../../given/party.ts';
import type { FaultRow } from '../row.ts';

/** A number that is refused is tried again with our own; so every INVITE is refused. */
const refusing = (status: number) => (fire: Peer) => {
  const { takes } = fire;
  fire.takes = (call) => {
    takes.call(fire, call);
    void call.refuses(status);
  };
};

/** Nobody is at the ambulance's address in this hall: INVITEs go there for half a minute, and nobody comes after who would take them. */
const NOT_THERE = 'not there';

const failures: Readonly<Record<string, (fire: Peer) => unknown>> = {
  'busy (486)': refusing(486),
  'not found (404)': refusing(404),
  'out of service (503)': refusing(503),
  'declining (603)': refusing(603),
  'not answering (10 s)': () => undefined,
  [NOT_THERE]: () => undefined,
};

const kinds = ['one-key', 'three-way', 'consult', 'release'] as const;

export const rows: readonly FaultRow[] = [
  {
    n: 21,
    injected: `transfer to a target that is ${Object.keys(failures).join(', ')}`,
    expected:
      'she talks with the operator again, who is told why; released, she is first in the queue again',
    async run(hall) {
      const wrong: string[] = [];
      let n = 0;
      for (const [how, fails] of Object.entries(failures)) {
        // Each way to fail with two kinds, where it is quick.
        const two = /not/.test(how) ? 1 : 2;
        for (const kind of [kinds[n % 4], kinds[(n + 1) % 4]].slice(0, two)) {
          n += 1;
          const fire = await hall.guests.fireBrigade();
          await fails(fire);
          const { citizen, operator } = await aTalk(hall.guests);
          await operator.desk.does(`transfer:${kind}:${how === NOT_THERE ? 120 : 119}`);
          if (kind === 'release') {
            await operator.phone.isRung(20_000);
            await operator.phone.answers();
          } else {
            await isOver(operator.desk);
          }
          const found = await hall.hear([citizen, [operator.phone]], [operator.phone, [citizen]]);
          wrong.push(...found.map((words) => `${kind}, ${how}: ${words}`));
          await citizen.hangsUp();
          await operator.desk.isInState('ready');
          await operator.phone.leaves();
          await fire.leaves();
        }
      }
      return { words: `n ${n}`, wrong };
    },
  },
];

/** Asterisk asks whoever does not answer for ten seconds; a desk's own patience is shorter. */
async function isOver(desk: Desk): Promise<void> {
  for (let tries = 0; tries < 2; tries++) {
    const over = desk.until(
      'the transfer to be over',
      ({ call }) => call?.stage === 'talking' && call.legs.length === 2,
    );
    if (tries > 0) await over;
    else await over.catch(() => undefined);
  }
}
