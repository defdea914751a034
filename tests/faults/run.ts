import { matrixRow } from './crash-matrix/row.ts';
import { randomFacts } from './random.ts';
import { allRows, type Outcome } from './rows.ts';
import { Runs } from './runs.ts';
import { soak } from './soak.ts';

/**
 * `make faults`: every fault on the real parts under running calls, row by row; ends with `N as expected, N not`. Words
 * after it choose: `random` for a million random facts through the call core, `soak` for traffic under random faults; numbers of rows, names of actions of the crash matrix, or `crash-matrix` for all of them.
 */

const words = process.argv.slice(2);
const [first, ...rest] = words;
if (first === 'random') {
  randomFacts(rest);
  process.exit(0);
}
if (first === 'soak') process.exit((await soak(rest)) ? 0 : 1);
const numbers = new Set(words.filter((word) => /^\d+$/.test(word)).map(Number));
const actions = words.filter((word) => !/^\d+$/.test(word));
const outcomes: Outcome[] = [];

const runs = new Runs();
for (const row of await allRows()) {
  if (words.length > 0 && !numbers.has(row.n)) continue;
  tell(
    await runs
      .runs(row)
      .catch((error: Error) => ({ row, seen: '', wrong: [error.message], seconds: 0 })),
  );
}
await runs.close();
if (words.length === 0 || actions.length > 0 || numbers.has(31))
  tell(await matrixRow(actions.filter((word) => word !== 'crash-matrix')));

const good = outcomes.filter(({ wrong }) => wrong.length === 0).length;
const seconds = outcomes.reduce((sum, outcome) => sum + outcome.seconds, 0);
console.log(`\n${Math.round(seconds / 60)} min`);
console.log(`${good} as expected, ${outcomes.length - good} not`);
process.exit(good === outcomes.length ? 0 : 1);

function tell(outcome: Outcome): void {
  outcomes.push(outcome);
  const { row, seen, wrong, seconds: took } = outcome;
  const lines = [
    `${String(row.n).padStart(3)}  ${wrong.length === 0 ? 'ok ' : 'NOT'}  ${row.injected}  (${took} s)`,
    `          expected: ${row.expected}`,
    `          seen:     ${seen || '-'}`,
    ...wrong.map((words) => `          WRONG:    ${words}`),
  ];
  console.log(lines.join('\n'));
}
