import type { Outcome } from '../rows.ts';
import { actions, Matrix, type Action, type Cell, type Moment } from './matrix.ts';

const quickMs = 3_000;

/** A cell waits more than it works; their controllers' starts are what two cores can bear. */
const worldsAtOnce = 3;

/** Row 31: every cell of these actions, or of all; each is printed as it comes. */
export async function matrixRow(only: readonly string[]): Promise<Outcome> {
  const began = Date.now();
  const wrong: string[] = [];
  const backs: number[] = [];
  let silence = 0;
  const wanted = actions.filter((one) => only.length === 0 || only.includes(one));
  const worlds = await Promise.all(Array.from({ length: worldsAtOnce }, () => Matrix.open()));
  const shared = async (work: (world: Matrix) => Promise<boolean>): Promise<void> => {
    await Promise.all(
      worlds.map(async (world) => {
        while (await work(world));
      }),
    );
  };
  console.log(
    line(['action', 'killed', 'died', 'back ms', 'silence ms', 'rung', 'ends as without']),
  );
  const toCount = [...wanted];
  const cells: { readonly action: Action; readonly moment: Moment }[] = [];
  await shared(async (world) => {
    const action = toCount.shift();
    if (!action) return false;
    cells.push(...(await world.momentsOf(action)).map((moment) => ({ action, moment })));
    return true;
  });
  const toPlay = [...cells];
  await shared(async (world) => {
    const next = toPlay.shift();
    if (!next) return false;
    const { action, moment } = next;
    const cell = await world.dies(action, moment);
    if (cell.died) backs.push(cell.backMs);
    silence = Math.max(silence, cell.silenceMs);
    if (cell.wrong !== null || cell.silenceMs >= quickMs)
      wrong.push(`${action} ${named(moment)}: ${firstLine(cell.wrong ?? 'silence')}`);
    console.log(shown(action, moment, cell));
    return true;
  });
  for (const world of worlds) await world.close();
  backs.sort((one, other) => one - other);
  const share = (part: number) =>
    backs[Math.min(backs.length - 1, Math.floor(backs.length * part))];
  return {
    row: {
      n: 31,
      injected: 'the controller is killed before or after every single order and writing down',
      expected: 'each cell ends as without the kill; the citizen is never long in silence',
      run: () => Promise.reject(new Error('it runs by itself')),
    },
    seen: `${cells.length} cells, ${wrong.length} wrong; longest silence ${silence} ms; control back p50 ${share(0.5)} ms, p99 ${share(0.99)} ms`,
    wrong,
    seconds: Math.round((Date.now() - began) / 1000),
  };
}

const named = ({ what, when, nth }: Moment): string =>
  `${when} ${what === 'ari' ? 'order' : 'writing'} ${nth}`;

const firstLine = (words: string): string => words.split('\n')[0] ?? '';

function shown(action: string, moment: Moment, cell: Cell): string {
  const { died, backMs, silenceMs, rung, wrong } = cell;
  const end = wrong === null ? 'yes' : `NO: ${firstLine(wrong)}`;
  const facts = [died ? 'yes' : 'no', `${backMs}`, `${silenceMs}`, `${rung}`, end];
  return line([action, named(moment), ...facts]);
}

function line(cells: readonly string[]): string {
  const widths = [10, 18, 5, 8, 11, 5];
  return cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' ');
}
