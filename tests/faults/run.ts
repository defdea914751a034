import { actions, Matrix, type Cell, type Moment } from './crash-matrix/matrix.ts';

/** `make faults`: all faults one after the other, as a table; ends with a line `N as expected, N not`. */

const only = process.argv.slice(2);
let good = 0;
let bad = 0;

const matrix = await Matrix.open();
console.log('fault 31: the controller is killed at one step and started again');
console.log(row(['action', 'killed', 'died', 'back ms', 'silence ms', 'rung', 'ends as without']));
const began = Date.now();
const backs: number[] = [];
for (const action of actions.filter((one) => only.length === 0 || only.includes(one))) {
  for (const moment of await matrix.momentsOf(action)) {
    const cell = await matrix.dies(action, moment);
    if (cell.died) backs.push(cell.backMs);
    const fine = cell.wrong === null && cell.silenceMs < 3_000;
    if (fine) good += 1;
    else bad += 1;
    console.log(shown(action, moment, cell));
  }
}
await matrix.close();
backs.sort((one, other) => one - other);
const share = (part: number) => backs[Math.min(backs.length - 1, Math.floor(backs.length * part))];
console.log(
  `control back: p50 ${share(0.5)} ms, p99 ${share(0.99)} ms; ${Math.round((Date.now() - began) / 1000)} s`,
);
console.log(`${good} as expected, ${bad} not`);
process.exit(bad === 0 ? 0 : 1);

function shown(action: string, { what, when, nth }: Moment, cell: Cell): string {
  const { died, backMs, silenceMs, rung, wrong } = cell;
  const killed = `${when} ${what === 'ari' ? 'order' : 'writing'} ${nth}`;
  const end = wrong === null ? 'yes' : `NO: ${wrong.split('\n')[0]}`;
  return row([action, killed, died ? 'yes' : 'no', `${backMs}`, `${silenceMs}`, `${rung}`, end]);
}

function row(cells: readonly string[]): string {
  const widths = [10, 18, 5, 8, 11, 5];
  return cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' ');
}
