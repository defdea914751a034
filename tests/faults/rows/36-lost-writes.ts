import { aTalk } from '../../stories/talk.ts';
import type { Hall } from '../hall.ts';
import type { FaultRow } from '../row.ts';
import { served, shown } from '../serving.ts';

export const rows: readonly FaultRow[] = [
  {
    n: 36,
    injected:
      'Redis comes back with data from before a call came, was answered, put on hold and another one ended (a copy that lagged): under the controller, which is killed then; and while no controller runs',
    expected:
      'the running one writes all once more, and the next one knows it; without one nobody is dropped, and who is not known is a caller again',
    async run(hall) {
      const { redis } = hall.deployment;
      const wrong: string[] = [];
      const under = await later(hall);
      await redis.kill();
      await redis.isAsItWas();
      await redis.revive();
      wrong.push(...(await hall.judgedNow()));
      await hall.controller.isKilled();
      const backMs = await hall.controller.starts();
      const { call } = await under.operator.desk.sees();
      if (call?.number !== under.citizen.number) wrong.push('the next one does not know the call');
      await under.operator.desk.does('resume');
      wrong.push(...(await heard(hall, under)));
      await under.citizen.hangsUp();
      await under.operator.phone.leaves();

      const without = await later(hall);
      // What is told from here back will be gone.
      wrong.push(...(await hall.judgedNow()));
      await hall.controller.isKilled();
      await redis.kill();
      await redis.isAsItWas();
      await redis.revive();
      await hall.controller.starts();
      // She is a caller again, and the first who is free is rung for her.
      const second = await hall.guests.phoneSeat('8002');
      await second.phone.isRung(10_000);
      await second.phone.answers();
      const again = { citizen: without.citizen, operator: second };
      wrong.push(...(await heard(hall, again)));
      await without.citizen.hangsUp();
      const after = await served(hall, second, 2);
      return {
        words: `n 2; the next controller in ${backMs} ms; without one she talks again with the next seat; then ${shown(after)}`,
        wrong: [...wrong, ...after.wrong],
      };
    },
  },
];

type Scene = Awaited<ReturnType<typeof aTalk>>;

const heard = (hall: Hall, { citizen, operator }: Scene) =>
  hall.hear([citizen, [operator.phone]], [operator.phone, [citizen]]);

/** What Redis is about to forget: a call that came and is on hold, and one that has ended. */
async function later(hall: Hall): Promise<Scene> {
  const { redis } = hall.deployment;
  const before = await aTalk(hall.guests);
  await redis.remembers();
  await before.citizen.hangsUp();
  await before.operator.phone.leaves();
  const scene = await aTalk(hall.guests);
  await scene.operator.desk.does('hold');
  return scene;
}
