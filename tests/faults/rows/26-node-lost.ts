import { setTimeout as sleep } from 'node:timers/promises';
import { expectHears } from '../../given/hearing.ts';
import { untilSo } from '../../given/until.ts';
import { hearsMeanwhile, takesIt } from '../../stories/talk.ts';
import type { Hall } from '../hall.ts';
import type { FaultRow } from '../row.ts';
import { healthOf } from '../seeing.ts';
import { served, shown } from '../serving.ts';

const FREE_MS = 2_000;
const FROZEN_MS = 10_000;
/** Behind what is true on the switch and at the desks, records and news come a little later. */
const TOLD_MS = 2_000;

/** No seat is kept by a call of these. */
async function allFree(hall: Hall, seats: readonly string[]): Promise<boolean> {
  const states = await hall.reader.seats();
  return seats.every((seat) => states[seat] !== 'talking' && states[seat] !== 'offered');
}

/** Two who talk on the second node. */
async function aTalkOnOther(hall: Hall) {
  const [, at] = hall.deployment.sips;
  const operator = await hall.guests.phoneSeat('9001');
  const citizen = await hall.guests.citizen('13700000031');
  await citizen.rings('110', at ? { at } : {});
  await takesIt(operator);
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
  return { citizen, operator };
}

/** Every call that stood in the hall has ended by the fall of its switch, and its citizen is to be rung; within so long. */
async function lost(hall: Hall, before: readonly string[], since: string): Promise<string[]> {
  const deadline = Date.now() + TOLD_MS;
  for (;;) {
    const wrong = await notLost(hall, before, since);
    if (wrong.length === 0 || Date.now() > deadline) return wrong;
    await sleep(50);
  }
}

async function notLost(hall: Hall, before: readonly string[], since: string): Promise<string[]> {
  const [told, cutOff, left] = await Promise.all([
    hall.reader.told(since),
    hall.reader.cutOff(),
    hall.reader.calls(),
  ]);
  const missing = before.filter((id) => !cutOff.includes(id));
  const untold = before.filter(
    (id) => !told.some(({ call, words }) => call === id && /switch broke off/.test(words.en)),
  );
  const kept = left.filter(({ id, stage }) => before.includes(id) && stage !== 'ended');
  return [
    ...(missing.length === 0 ? [] : [`${missing.length} are not on the list of the cut off`]),
    ...(untold.length === 0 ? [] : [`of ${untold.length} calls the cause is not told`]),
    ...(kept.length === 0 ? [] : [`${kept.length} calls are kept`]),
  ];
}

const seatsOf = (hall: Hall): string[] =>
  hall.talkers.map(({ phone }) => phone.id.replace('seat-', ''));

export const rows: readonly FaultRow[] = [
  {
    n: 26,
    twoNodes: true,
    spoils: true,
    injected: 'an Asterisk is killed (SIGKILL) with fifty calls up; two talk on another one',
    expected: `its calls are over with the cause told, seats are free within ${FREE_MS / 1000} s, citizens are to be rung; the two talk on, and new ones are served`,
    async run(hall) {
      const { citizen, operator } = await aTalkOnOther(hall);
      const next = await hall.guests.phoneSeat('9002');
      const [dead] = hall.deployment.asterisks;
      const since = await hall.lastNews();
      const other = (await hall.reader.calls()).find(
        ({ caller }) => caller.number === '13700000031',
      );
      const before = (await hall.reader.calls())
        .map(({ id }) => id)
        .filter((id) => id !== other?.id);
      let freeMs = 0;
      await hearsMeanwhile([citizen, [operator.phone]], async () => {
        dead?.signals('SIGKILL');
        await hall.ariWire.goesAway();
        freeMs = await untilSo('seats are free', () => allFree(hall, seatsOf(hall)));
      });
      const wrong = await lost(hall, before, since);
      if (freeMs > FREE_MS) wrong.push(`free only after ${freeMs} ms`);
      const [, at] = hall.deployment.sips;
      const caller = await hall.guests.citizen('13700000032');
      await caller.rings('110', at ? { at } : {});
      await takesIt(next);
      wrong.push(...(await hall.hear([caller, [next.phone]], [citizen, [operator.phone]])));
      await dead?.comesBack();
      await hall.ariWire.comesBack();
      await untilSo(
        'both are there',
        async () => (await healthOf(hall)).status === 'ready',
        20_000,
      );
      return { words: `n ${before.length}: seats free after ${freeMs} ms`, wrong };
    },
  },
  {
    n: 27,
    spoils: true,
    injected:
      'the line to Asterisk is cut; while the controller looks what is there, Asterisk is killed and begins anew',
    expected:
      'its calls are over with the cause told, seats are free; nothing of the old run is taken for new, and new ones are served',
    async run(hall) {
      const since = await hall.lastNews();
      const before = (await hall.reader.calls()).map(({ id }) => id);
      const asked = hall.ariWire.asked('/ari/channels');
      hall.ariWire.cuts();
      hall.ariWire.mends();
      await asked;
      hall.ariWire.standsStill();
      await hall.deployment.asterisk.beginsAnew();
      hall.ariWire.goesOn();
      const freeMs = await untilSo('seats are free', () => allFree(hall, seatsOf(hall)), 20_000);
      await untilSo('it is ready', async () => (await healthOf(hall)).status === 'ready', 20_000);
      const wrong = await lost(hall, before, since);
      const seat = await hall.guests.phoneSeat('8001');
      const serves = await served(hall, seat, 3);
      await hall.guests.clear(0).catch((error: Error) => wrong.push(error.message));
      await sleep(500);
      const { channels, bridges } = await hall.reader.reads();
      if (channels.length + bridges.length > 0)
        wrong.push(`${channels.length} channels and ${bridges.length} bridges are left`);
      return {
        words: `n ${before.length}: seats free ${freeMs} ms after the line was read again; then ${shown(serves)}`,
        wrong: [...wrong, ...serves.wrong],
      };
    },
  },
  {
    n: 28,
    twoNodes: true,
    injected: `an Asterisk with fifty calls up is frozen (SIGSTOP) for ${FROZEN_MS / 1000} s; citizens ring on another one`,
    expected:
      'it is known and taken out, orders to it are not waited for; the other one serves as ever; when it goes on its calls are there',
    async run(hall) {
      const [frozen] = hall.deployment.asterisks;
      const [, at] = hall.deployment.sips;
      const operator = await hall.guests.phoneSeat('9001');
      const wrong: string[] = [];
      const rungMs: number[] = [];
      frozen?.signals('SIGSTOP');
      const began = Date.now();
      try {
        const outMs = await untilSo('it is known', async () =>
          (await healthOf(hall)).reasons.some(({ code }) => code === 'node-frozen'),
        );
        while (Date.now() - began < FROZEN_MS) {
          const citizen = await hall.guests.citizen(`1370000005${rungMs.length}`);
          const rang = Date.now();
          await citizen.rings('110', at ? { at } : {});
          const call = await operator.phone.isRung();
          rungMs.push(Date.now() - rang);
          await call.answers();
          await operator.desk.isInState('talking');
          wrong.push(
            ...(await hall.hear([citizen, [operator.phone]], [operator.phone, [citizen]])),
          );
          await citizen.hangsUp();
          await operator.desk.isInState('ready');
        }
        frozen?.signals('SIGCONT');
        const backMs = await untilSo(
          'it is in again',
          async () => (await healthOf(hall)).status === 'ready',
          20_000,
        );
        return {
          words: `out after ${outMs} ms; on the other n ${rungMs.length}, phone rung after ${Math.min(...rungMs)} to ${Math.max(...rungMs)} ms; in again ${backMs} ms after it went on`,
          wrong,
        };
      } finally {
        frozen?.signals('SIGCONT');
      }
    },
  },
];
