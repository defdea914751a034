import type { Alters } from '../../given/ari-frames.ts';
import { untilSo } from '../../given/until.ts';
import { takesIt } from '../../stories/talk.ts';
import type { Hall } from '../hall.ts';
import type { FaultRow } from '../row.ts';
import { healthOf } from '../seeing.ts';
import { served, shown } from '../serving.ts';

const LATE_MS = 150;
const TIMES = 3;

const isAnswer = (text: string): boolean => text.includes('"RESTResponse"');

/** The line is made anew and altered by this while `act` goes on, and made anew once more. */
async function altered<T>(hall: Hall, alters: Alters, act: () => Promise<T>): Promise<T> {
  await anew(hall, alters);
  try {
    return await act();
  } finally {
    await anew(hall, null);
  }
}

async function anew(hall: Hall, alters: Alters | null): Promise<void> {
  const { ariWire } = hall;
  ariWire.isAlteredBy(alters);
  ariWire.cuts();
  ariWire.mends();
  const is = (up: boolean) => async () => (await healthOf(hall)).asterisk === up;
  await untilSo('the line is known to be cut', is(false));
  await untilSo('the line is up again', is(true));
}

/** What Asterisk answers to the order to ring this seat's phone is another. */
const answersInstead =
  (is: (text: string) => boolean, body: object): Alters =>
  (text, tell) => {
    if (!isAnswer(text) || !is(text)) return tell(text);
    const { type, request_id } = JSON.parse(text) as { type: string; request_id: string };
    tell(JSON.stringify({ type, request_id, ...body }));
  };

/** Nobody is told that a phone has gone: what it is rung for fails. */
const withoutPhones =
  (alters: Alters): Alters =>
  (text, tell) => {
    if (text.includes('"EndpointStateChange"')) return;
    alters(text.replace(/(\\"state\\":\s*\\")offline/g, '$1online'), tell);
  };

const exists = {
  status_code: 409,
  reason_phrase: 'Conflict',
  message_body: '{"message":"Channel with given unique ID already exists"}',
};

export const rows: readonly FaultRow[] = [
  {
    n: 12,
    injected: 'every event comes twice',
    expected: 'nothing is done twice, nothing told twice',
    run: (hall) =>
      altered(
        hall,
        (text, tell) => {
          tell(text);
          if (!isAnswer(text)) tell(text);
        },
        async () => {
          const serves = await served(hall, await hall.guests.phoneSeat('8001'), TIMES);
          return { words: shown(serves), wrong: serves.wrong };
        },
      ),
  },
  {
    n: 13,
    injected: `every answer to a request comes ${LATE_MS} ms late: what it has brought about is told before`,
    expected: 'ids are minted beforehand: calls are served as ever',
    run: (hall) =>
      altered(
        hall,
        (text, tell) => {
          if (isAnswer(text)) setTimeout(() => tell(text), LATE_MS);
          else tell(text);
        },
        async () => {
          const serves = await served(hall, await hall.guests.phoneSeat('8001'), TIMES);
          return { words: shown(serves), wrong: serves.wrong };
        },
      ),
  },
  {
    n: 14,
    injected:
      'the order to ring a phone is answered with 200, and nothing is ever told of its leg; the phone does not answer',
    expected: 'the offer ends by its time limit; the next seat has her; the first is not kept',
    run: (hall) =>
      altered(
        hall,
        (text, tell) => {
          if (isAnswer(text) || !text.includes('PJSIP/seat-8001')) tell(text);
        },
        async () => {
          const first = await hall.guests.phoneSeat('8001');
          const citizen = await hall.guests.citizen('13700000021');
          await citizen.rings('12345');
          const call = await first.phone.isRung();
          const began = Date.now();
          const next = await hall.guests.phoneSeat('8002');
          await next.phone.isRung(15_000);
          const nextMs = Date.now() - began;
          await next.phone.answers();
          await next.desk.isInState('talking');
          const wrong = await hall.hear([citizen, [next.phone]], [next.phone, [citizen]]);
          await call.isCancelled();
          const { seat } = await first.desk.sees();
          if (seat.state !== 'not-ready') wrong.push(`the first seat is ${seat.state}`);
          await citizen.hangsUp();
          return { words: `the next phone rang ${nextMs} ms after the first`, wrong };
        },
      ),
  },
  {
    n: 15,
    injected:
      'the order to ring is carried out and answered with 409; then a phone that is not there is ordered to ring, and that is answered with 409 too (a false one)',
    expected:
      'Asterisk is asked: the first rings once and talks; the second is no leg at all, and the next seat has her',
    async run(hall) {
      const first = await hall.guests.phoneSeat('8001');
      const wrong: string[] = [];
      const isRing = (text: string) =>
        text.includes('PJSIP/seat-8001') && /"status_code":\s*20\d/.test(text);
      await altered(hall, answersInstead(isRing, exists), async () => {
        const citizen = await hall.guests.citizen('13700000022');
        await citizen.rings('12345');
        await takesIt(first);
        wrong.push(...(await hall.hear([citizen, [first.phone]], [first.phone, [citizen]])));
        await citizen.hangsUp();
        await first.desk.isInState('ready');
      });
      if (first.phone.calls.length !== 1) wrong.push(`rung ${first.phone.calls.length} times`);
      let altered409 = 0;
      const fails = (text: string) => {
        const is = /"status_code":\s*(400|500)/.test(text);
        if (is) altered409 += 1;
        return is;
      };
      const nextMs = await altered(hall, withoutPhones(answersInstead(fails, exists)), async () => {
        await first.phone.unregisters();
        const citizen = await hall.guests.citizen('13700000023');
        const began = Date.now();
        await citizen.rings('12345');
        const next = await hall.guests.phoneSeat('8002');
        await next.phone.isRung(15_000);
        const ms = Date.now() - began;
        await next.phone.answers();
        await next.desk.isInState('talking');
        wrong.push(...(await hall.hear([citizen, [next.phone]], [next.phone, [citizen]])));
        await citizen.hangsUp();
        return ms;
      });
      if (altered409 === 0) wrong.push('Asterisk has refused nothing: there was no false 409');
      return {
        words: `the next phone rang ${nextMs} ms after she had; ${altered409} false`,
        wrong,
      };
    },
  },
];
