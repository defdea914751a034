import { live, notLived } from '../given/call-lives.ts';

const FACTS = 1_000_000;
const AT_ONCE = 1_000;

/**
 * `make faults ARGS=random`, or `ARGS="random FACTS SEED"`: random lives through the call core, with controllers that die
 * in the middle of steps, until so many facts and requests were answered. Throws with the smallest life that goes wrong.
 */
export function randomFacts([facts, seed]: readonly string[]): void {
  const wanted = Number(facts ?? FACTS);
  const first = Number(seed ?? Math.floor(Math.random() * 2 ** 30));
  console.log(`random facts: ${wanted}, seed ${first}`);
  const lived = notLived();
  const begun = performance.now();
  for (let round = 0; lived.facts < wanted; round++) {
    live(AT_ONCE, lived, first + round);
    if (round % 20 === 19) console.log(`  ${lived.facts} facts`);
  }
  const seconds = Math.round((performance.now() - begun) / 1000);
  const { lives } = lived;
  console.log(
    `${lived.facts} facts and requests in ${lives} lives, ${lived.restarts} restarts, ${seconds} s, seed ${first}: ` +
      'every invariant held, every call replayed to the same end',
  );
}
