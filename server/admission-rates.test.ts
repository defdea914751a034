import { HandClock } from '../tests/given/hand-clock.ts';
import { AdmissionRates } from './admission-rates.ts';

test('the callers of the last second, none of those before', async () => {
  const clock = new HandClock();
  let counts = { offered: 100, claimed: 90, kept: 10, sentOn: 0 };
  const rates = new AdmissionRates(clock, () => counts);
  expect(rates.perSecond).toEqual({ offered: 0, claimed: 0, kept: 0, sentOn: 0 });
  counts = { offered: 150, claimed: 100, kept: 50, sentOn: 4 };
  await clock.passes(1_000);
  expect(rates.perSecond).toEqual({ offered: 50, claimed: 10, kept: 40, sentOn: 4 });
  await clock.passes(1_000);
  expect(rates.perSecond).toEqual({ offered: 0, claimed: 0, kept: 0, sentOn: 0 });
  rates.close();
});
