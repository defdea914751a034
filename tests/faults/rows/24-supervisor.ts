import { setTimeout as sleep } from 'node:timers/promises';
import { aSupervisor } from '../../given/supervisor.ts';
import { untilSo } from '../../given/until.ts';
import { aTalk, hearsMeanwhile } from '../../stories/talk.ts';
import type { Hall } from '../hall.ts';
import type { FaultRow } from '../row.ts';

/** What a whisper needs on the switch: the snoop channel, its other half, and the room in which he speaks into it. */
async function ears({ reader }: Hall): Promise<{ channels: string[]; bridges: string[] }> {
  const [channels, bridges] = await Promise.all(
    (['channels', 'bridges'] as const).map((what) => reader.get<{ id: string }[]>(what)),
  );
  const isEar = ({ id }: { id: string }) => id.includes('.ear.') || id.startsWith('Snoop');
  const ids = (all: { id: string }[] = []) => all.filter(isEar).map(({ id }) => id);
  return { channels: ids(channels), bridges: ids(bridges) };
}

const nothingLeft = (hall: Hall, what: string): Promise<number> =>
  untilSo(`${what}: nothing is left of the whisper`, async () => {
    const { channels, bridges } = await ears(hall);
    return channels.length + bridges.length === 0;
  });

export const rows: readonly FaultRow[] = [
  {
    n: 24,
    injected:
      'a manager whispers: his snoop channel dies, then its room, then his leg, then his phone hangs up',
    expected:
      'citizen and operator hear one another all the time; nothing of the whisper is left; he can begin again',
    async run(hall) {
      const { citizen, operator } = await aTalk(hall.guests);
      const manager = await aSupervisor(hall.guests);
      const two = [citizen, [operator.phone]] as const;
      const wrong: string[] = [];
      const swept: number[] = [];
      const dies = async (what: string, act: () => Promise<unknown>) => {
        if (manager.phone.calls.every(({ ending }) => ending)) await manager.listens('8001');
        await manager.presses('whisper', '8001');
        const begun = await hall.hear([operator.phone, [citizen, manager.phone]]);
        wrong.push(...begun.map((words) => `${what}, before: ${words}`));
        await hearsMeanwhile(two, async () => {
          await act();
          await sleep(300);
        }).catch((error: Error) => wrong.push(`${what}: ${error.message}`));
        swept.push(await nothingLeft(hall, what));
        const after = await hall.hear(two, [operator.phone, [citizen]]);
        wrong.push(...after.map((words) => `${what}, after: ${words}`));
      };
      const deleted = async (kind: 'channels' | 'bridges') => {
        const [one = ''] = (await ears(hall))[kind];
        const status = await hall.order('DELETE', `${kind}/${one}`);
        if (status >= 300) wrong.push(`Asterisk does not delete ${kind} ${one}: ${status}`);
      };
      await dies('snoop channel', () => deleted('channels'));
      await dies('room', () => deleted('bridges'));
      await dies('his leg', async () => {
        const legs = await hall.reader.get<{ id: string }[]>('channels');
        const own = legs.find(({ id }) => id.includes('.supervisor-9900.'));
        await hall.order('DELETE', `channels/${own?.id}`);
      });
      await dies('his phone', () => manager.phone.hangsUp());
      await citizen.hangsUp();
      return {
        words: `n ${swept.length}; swept after ${Math.min(...swept)} to ${Math.max(...swept)} ms; the two heard one another all the time`,
        wrong,
      };
    },
  },
];
