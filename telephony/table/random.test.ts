import { live, notLived } from '../../tests/given/call-lives.ts';
import { table } from './table.ts';

/** The same for a million facts: `make faults ARGS=random`. */
const lived = notLived();

test('2,000 random lives of up to four calls that share their seats', () => {
  live(2_000, lived);
});

test('the random lives have been everywhere', () => {
  const counts = Object.keys(table).map((situation) => [
    situation,
    (lived.seen.get(situation) ?? 0) > 100,
  ]);
  expect(counts).toEqual(Object.keys(table).map((situation) => [situation, true]));
});
