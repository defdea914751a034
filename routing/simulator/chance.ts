/** Random numbers that come again with the same seed (sfc32 by Chris Doty-Humphrey, PractRand). */
export class Chance {
  #a = 0x9e3779b9;
  #b = 0x243f6a88;
  #c = 0xb7e15162;
  #counter = 1;

  constructor(seed: number) {
    this.#a ^= seed;
    this.#b ^= Math.floor(seed / 2 ** 32);
    for (let i = 0; i < 16; i++) this.next();
  }

  /** From 0 to below 1. */
  next(): number {
    const t = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + t) | 0;
    return (t >>> 0) / 2 ** 32;
  }
}

/** How long something takes, in milliseconds, drawn anew each time. */
export type Duration = (chance: Chance) => number;

/** Memoryless, with this mean: patience as Erlang A takes it. */
export const exponential =
  (meanMs: number): Duration =>
  (chance) =>
    -meanMs * Math.log(1 - chance.next());

/** As handling times are found to lie: no very short ones and a long tail. `cv`: standard deviation over mean. */
export function logNormal(meanMs: number, cv: number): Duration {
  const variance = Math.log(1 + cv * cv);
  const mu = Math.log(meanMs) - variance / 2;
  return (chance) => {
    // Box and Muller
    const radius = Math.sqrt(-2 * Math.log(1 - chance.next()));
    return Math.exp(mu + Math.sqrt(variance) * radius * Math.cos(2 * Math.PI * chance.next()));
  };
}

export const never: Duration = () => Infinity;
