import { actions, Matrix, type Moment } from './matrix.ts';

/** A short selection; the whole is `make faults`. */

let matrix: Matrix;
beforeAll(async () => {
  matrix = await Matrix.open();
}, 120_000);
afterAll(() => matrix?.close());

/** One step of each action, in turn of either kind; every action has these. */
const moments: readonly Moment[] = [
  { what: 'redis', when: 'after', nth: 1 },
  { what: 'ari', when: 'before', nth: 2 },
  { what: 'redis', when: 'before', nth: 2 },
  { what: 'ari', when: 'after', nth: 1 },
];
const some = actions.map((action, i) => ({ action, ...(moments[i % moments.length] as Moment) }));

test.each(some)(
  'killed in the midst of $action, $when $what $nth: it ends as without the kill',
  async ({ action, ...moment }) => {
    const { died, wrong, silenceMs } = await matrix.dies(action, moment);
    expect({ died, wrong }).toEqual({ died: true, wrong: null });
    expect(silenceMs).toBeLessThan(3_000);
  },
);
