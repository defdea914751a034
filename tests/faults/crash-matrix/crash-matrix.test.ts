import { actions, Matrix } from './matrix.ts';

/** A short selection; the whole is `make faults`. */

let matrix: Matrix;
beforeAll(async () => {
  matrix = await Matrix.open();
}, 120_000);
afterAll(() => matrix?.close());

test.each(actions)('killed in the midst of %s: it ends as without the kill', async (action) => {
  const moments = await matrix.momentsOf(action);
  const some = [0.2, 0.5, 0.8].map((share) => moments[Math.floor(moments.length * share)]);
  for (const moment of some) {
    if (!moment) throw new Error(`${action} has no steps`);
    const cell = await matrix.dies(action, moment);
    expect({ ...moment, died: cell.died, wrong: cell.wrong }).toEqual({
      ...moment,
      died: true,
      wrong: null,
    });
    expect(cell.silenceMs).toBeLessThan(3_000);
  }
});
