import { setTimeout as sleep } from 'node:timers/promises';
import { startSipp } from '../../given/sipp.ts';
import { untilSo } from '../../given/until.ts';
import { aTalk } from '../../stories/talk.ts';
import type { FaultRow } from '../row.ts';
import { healthOf, residentMb } from '../seeing.ts';
import { served, shown } from '../serving.ts';

const CUT_MS = 5_000;
const LONG_CUT_MS = 60_000;
/** One citizen a second, each for this long. */
const STAY_MS = 90_000;
/** Until all who wait in the dialplan are calls of ours: thirty a second are claimed, with beats a second apart. */
const ENTERED_MS = 10_000;
const MOST_GROWN_MB = 60;

export const rows: readonly FaultRow[] = [
  {
    n: 1,
    injected: `the line to Asterisk is cut for ${CUT_MS / 1000} s; meanwhile the citizen of one talk hangs up, the operator of another, and one who waits`,
    expected:
      'the calls of who hung up are over, each told once; whose operator has gone is offered to the seat that is free by that',
    async run(hall) {
      const one = await aTalk(hall.guests, '8001');
      const other = await aTalk(hall.guests, '8002');
      const waiting = await hall.guests.citizen('13700000009');
      await waiting.rings('12329');
      await waiting.isAnswered();
      await untilSo('she waits', async () => (await healthOf(hall)).calls === hall.standing + 3);
      hall.ariWire.cuts();
      const cut = Date.now();
      await one.citizen.hangsUp();
      await other.operator.phone.hangsUp();
      await waiting.hangsUp();
      await sleep(CUT_MS - (Date.now() - cut));
      hall.ariWire.mends();
      const mended = Date.now();
      const { phone } = one.operator;
      await phone.isRung();
      const rungMs = Date.now() - mended;
      await phone.answers();
      await one.operator.desk.isInState('talking');
      const wrong = await hall.hear([other.citizen, [phone]], [phone, [other.citizen]]);
      await untilSo(
        'two calls are over',
        async () => (await healthOf(hall)).calls === hall.standing + 1,
      );
      await other.citizen.hangsUp();
      await one.operator.desk.isInState('ready');
      return { words: `the citizen who was left rings at the free seat after ${rungMs} ms`, wrong };
    },
  },
  {
    n: 3,
    injected: `the line to Asterisk is cut for ${LONG_CUT_MS / 1000} s while a citizen rings each second (our line is an inbound WebSocket: Asterisk replays nothing)`,
    expected:
      'they hear music in the dialplan; then each is one call, in the order of their coming; the memory of Asterisk is bounded',
    async run(hall) {
      const seat = await hall.guests.phoneSeat('8001');
      const before = (await healthOf(hall)).calls;
      const since = await hall.lastNews();
      const memory = await residentMb(hall.deployment.asterisk.pid);
      const calls = LONG_CUT_MS / 1_000;
      hall.ariWire.cuts();
      const load = await startSipp({
        scenario: 'citizen',
        ip: hall.flood,
        asterisk: hall.deployment.sip,
        number: '12329',
        calls,
        rate: 1,
        stayMs: STAY_MS,
        seconds: STAY_MS / 1_000 + calls + 30,
      });
      await sleep(LONG_CUT_MS);
      hall.ariWire.mends();
      const enteredMs = await untilSo(
        'all are calls of ours',
        async () => (await healthOf(hall)).calls >= before + calls,
        3 * ENTERED_MS,
      );
      const isTold = async () => (await hall.reader.arrivals(since)) >= calls;
      await untilSo('all arrivals are told', isTold).catch(() => undefined);
      const arrived = await hall.reader.arrivals(since);
      const serves = await served(hall, seat, 3);
      const grownMb = (await residentMb(hall.deployment.asterisk.pid)) - memory;
      await load.stop();
      return {
        words: `n ${calls}: all entered ${enteredMs} ms after the line was back; Asterisk grew by ${grownMb} MB; then ${shown(serves)}`,
        wrong: [
          ...serves.wrong,
          ...(arrived === calls ? [] : [`${arrived} arrivals told`]),
          ...(enteredMs <= ENTERED_MS ? [] : [`the last entered only after ${enteredMs} ms`]),
          ...(grownMb <= MOST_GROWN_MB ? [] : [`Asterisk grew by ${grownMb} MB`]),
        ],
      };
    },
  },
];
