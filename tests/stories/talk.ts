import { audible, expectHears, expectHearsFor, type Ear, type Hearing } from '../given/hearing.ts';
import type { Citizen } from '../given/party.ts';
import type { PhoneSeat, World } from '../given/world.ts';

/** How stories begin, and what they watch over. */

export interface Talk {
  readonly citizen: Citizen;
  readonly operator: PhoneSeat;
}

/** A citizen who has rung this seat's hotline and talks with it by now. */
export async function aTalk(
  world: World,
  seat = '8001',
  number = seat.startsWith('80') ? '12345' : '110',
): Promise<Talk> {
  const operator = await world.phoneSeat(seat);
  const citizen = await world.citizen();
  await citizen.rings(number);
  await takesIt(operator);
  await expectHears([citizen, [operator.phone]], [operator.phone, [citizen]]);
  return { citizen, operator };
}

/** Is rung, picks up, and the screen shows it. */
export async function takesIt({ phone, desk }: PhoneSeat): Promise<void> {
  await phone.isRung();
  await phone.answers();
  await desk.isInState('talking');
}

/** True at once and all the time that `act` takes. */
export const hearsMeanwhile = (row: Hearing, act: () => Promise<unknown>): Promise<void> =>
  listenDuring(() => expectHearsFor(0, row), act);

/** A voice, music or the ringing: who waits is never left in silence while `act` goes on. */
export const isNeverInSilence = (ear: Ear, act: () => Promise<unknown>): Promise<void> =>
  listenDuring(async () => {
    const isSilent = async () => audible(await ear.heard(300)).length === 0;
    // One window may be lost to a machine that stands still for a moment.
    if ((await isSilent()) && (await isSilent())) throw new Error(`${ear.name} hears nothing`);
  }, act);

async function listenDuring(
  listen: () => Promise<unknown>,
  act: () => Promise<unknown>,
): Promise<void> {
  let over = false;
  const acting = act().finally(() => (over = true));
  const listening = (async () => {
    do await listen();
    while (!over);
  })();
  const results = await Promise.allSettled([acting, listening]);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

/** The history of this seat's call says it. */
export const historySays = ({ desk }: PhoneSeat, text: string) =>
  desk.until(`the history to say ${text}`, ({ call }) =>
    (call?.history ?? []).some(({ words }) => words.zh.includes(text)),
  );
