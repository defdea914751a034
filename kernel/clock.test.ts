import fc from 'fast-check';
import { steadyClock } from './clock.ts';

/** A machine whose time passes evenly and is set now and then. */
function aMachine() {
  let wall = 1_800_000_000_000;
  let even = 0;
  const clock = steadyClock(
    () => wall,
    () => even,
  );
  return {
    clock,
    passes(ms: number) {
      wall += ms;
      even += ms;
    },
    isSet(byMs: number) {
      wall += byMs;
    },
    ahead: () => clock.now() - wall,
  };
}

const HOUR = 3_600_000;

describe('the steady clock', () => {
  it('is the machine’s time while nobody sets that', () => {
    const { clock, passes, ahead } = aMachine();
    for (let i = 0; i < 100; i += 1) passes(37);
    expect(clock.now()).toBe(1_800_000_003_700);
    expect(ahead()).toBe(0);
  });

  it('follows a set time slowly, by a hundredth', () => {
    const { passes, isSet, ahead } = aMachine();
    isSet(HOUR);
    passes(1_000);
    expect(ahead()).toBeCloseTo(10 - HOUR, -1);
    passes(100 * HOUR);
    expect(Math.abs(ahead())).toBeLessThanOrEqual(1);
  });

  it('never goes back, and runs at its own pace whatever is set', () => {
    const happening = fc.record({
      ms: fc.integer({ min: 0, max: 10_000 }),
      set: fc.integer({ min: -HOUR, max: HOUR }),
    });
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
        const { clock, passes, isSet } = aMachine();
        let before = clock.now();
        for (const { ms, set } of happenings) {
          isSet(set);
          passes(ms);
          const now = clock.now();
          expect(now - before).toBeGreaterThanOrEqual(Math.floor(ms * 0.99));
          expect(now - before).toBeLessThanOrEqual(Math.ceil(ms * 1.01) + 1);
          before = now;
        }
      }),
    );
  });

  it('calls nobody before its time, also while it runs slowly', async () => {
    let back = 0;
    const clock = steadyClock(
      () => Date.now() - back,
      () => performance.now(),
    );
    back = HOUR;
    const began = clock.now();
    await new Promise<void>((resolve) => clock.after(200, resolve));
    expect(clock.now() - began).toBeGreaterThanOrEqual(200);
  });
});
