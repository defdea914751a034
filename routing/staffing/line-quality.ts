import {
  BY_RULE,
  nothingNew,
  type Fact,
  type Moment,
  type News,
  type Stepped,
} from './happenings.ts';
import type { QualityLimits, Site } from './nouns.ts';
import { own, without, type Line, type Measured, type State, type Verdict } from './state.ts';

/** After so long half of what was measured is forgotten. */
const HALF_LIFE_MS = 10_000;
/** A line must have been better for so long before it counts as better. */
const BETTER_FOR_MS = 30_000;
/** A line that is out gets no calls and so, perhaps, no measurements: after so long without any it is tried again. */
const TRY_AGAIN_MS = 300_000;

type Quality = Extract<Fact, { type: 'quality' }>;

/**
 * Mean opinion score, 1 to 4.5, of a line with G.711: the E-model (ITU-T G.107, annex B for R to MOS) with its default
 * values, in which only delay and loss are left. Delay impairment after Cole and Rosenbluth, "Voice over IP performance
 * monitoring" (2001); loss with Ie = 0 and Bpl = 25.1 of G.711 with concealment (ITU-T G.113, appendix I).
 * @param loss 0 to 1
 */
export function mosOf({
  roundTripMs,
  jitterMs,
  loss,
}: Pick<Measured, 'roundTripMs' | 'jitterMs' | 'loss'>): number {
  // One way: half the round trip, a buffer of twice the jitter, one packet.
  const delay = roundTripMs / 2 + 2 * jitterMs + 20;
  const byDelay = 0.024 * delay + 0.11 * Math.max(0, delay - 177.3);
  const percent = 100 * loss;
  const byLoss = (95 * percent) / (percent + 25.1);
  const r = 93.2 - byDelay - byLoss;
  if (r <= 0) return 1;
  return Math.max(1, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6);
}

const plainLine = (now: number): Line => ({ verdict: 'good', since: now, reached: true });

/** A sample of a site's line. Older than the last one, or no numbers: as if it had not come. */
export function measured({ rules, now }: Moment, state: State, sample: Quality): Stepped {
  const site = rules.sites.find(({ id }) => id === sample.site);
  const before = own(state.seen.measured, sample.site);
  const at = Math.min(sample.at, now);
  if (!site || !isMeasurement(sample) || (before && before.at >= at)) return nothingNew(state);
  const smoothed = smooth(before, { ...sample, at });
  const line = own(state.lines, site.id) ?? plainLine(now);
  const verdict = verdictOf(smoothed, site.worst);
  if (isWorse(verdict, line.verdict)) {
    return judged(withMeasured(state, site.id, smoothed), site, { ...line, verdict, since: now });
  }
  if (verdict === line.verdict) {
    return nothingNew(withMeasured(state, site.id, { ...smoothed, betterSince: null }));
  }
  const betterSince = before?.betterSince ?? now;
  const next = withMeasured(state, site.id, { ...smoothed, betterSince });
  if (now - betterSince < BETTER_FOR_MS) return nothingNew(next);
  return judged(withMeasured(next, site.id, smoothed), site, { ...line, verdict, since: now });
}

/** A site answers, or does not any more: takes effect at once. */
export function reached(
  { rules, now }: Moment,
  state: State,
  { site: id, up }: Extract<Fact, { type: 'siteReached' }>,
): Stepped {
  const site = rules.sites.find((one) => one.id === id);
  const line = own(state.lines, id) ?? plainLine(now);
  if (!site || line.reached === up) return nothingNew(state);
  return {
    ...withLine(state, id, { ...line, reached: up }),
    news: [
      news(now, site, up ? 'site-reached' : 'site-lost', {
        zh: up ? `职场“${site.name.zh}”恢复联通` : `职场“${site.name.zh}”联络不上，暂不派话`,
        en: up ? `${site.name.en} answers again` : `${site.name.en} does not answer; no calls`,
      }),
    ],
  };
}

/** Lines that are out and of which nothing was heard for long are tried again. */
export function triedAgain({ rules, now }: Moment, state: State): Stepped {
  let next = nothingNew(state);
  for (const site of rules.sites) {
    const at = tryAgainAt(next.state, site.id);
    if (at === null || at > now) continue;
    const line = own(next.state.lines, site.id) ?? plainLine(now);
    const seen = { ...next.state.seen, measured: without(next.state.seen.measured, site.id) };
    const tried = judged({ ...next.state, seen }, site, { ...line, verdict: 'lower', since: now });
    next = { ...tried, news: [...next.news, ...tried.news] };
  }
  return next;
}

/** When a line that is out is tried again (epoch milliseconds); null: it is not out. */
export function tryAgainAt(state: State, site: string): number | null {
  const line = own(state.lines, site);
  if (line?.verdict !== 'out') return null;
  return Math.max(line.since, own(state.seen.measured, site)?.at ?? 0) + TRY_AGAIN_MS;
}

const isMeasurement = ({ roundTripMs, jitterMs, loss, at }: Quality): boolean =>
  [roundTripMs, jitterMs, loss, at].every((value) => Number.isFinite(value) && value >= 0) &&
  loss <= 1;

/** The first sample counts whole; later ones the more, the longer ago the last one is. */
function smooth(before: Measured | undefined, sample: Quality): Measured {
  const { roundTripMs, jitterMs, loss, at } = sample;
  if (!before) return { roundTripMs, jitterMs, loss, at, betterSince: null };
  const kept = 0.5 ** ((at - before.at) / HALF_LIFE_MS);
  const mix = (old: number, fresh: number) => kept * old + (1 - kept) * fresh;
  return {
    roundTripMs: mix(before.roundTripMs, roundTripMs),
    jitterMs: mix(before.jitterMs, jitterMs),
    loss: mix(before.loss, loss),
    at,
    betterSince: null,
  };
}

function verdictOf(line: Measured, { lower, out }: QualityLimits): Verdict {
  const mos = mosOf(line);
  const worseThan = (limit: QualityLimits['out']) =>
    line.roundTripMs > limit.roundTripMs || line.loss > limit.loss || mos < limit.mos;
  if (worseThan(out)) return 'out';
  return worseThan(lower) ? 'lower' : 'good';
}

const isWorse = (a: Verdict, b: Verdict): boolean => order.indexOf(a) > order.indexOf(b);
const order: readonly Verdict[] = ['good', 'lower', 'out'];

const withMeasured = (state: State, site: string, line: Measured): State => ({
  ...state,
  seen: { ...state.seen, measured: { ...state.seen.measured, [site]: line } },
});

const withLine = (state: State, site: string, line: Line): Stepped =>
  nothingNew({ ...state, lines: { ...state.lines, [site]: line } });

const verdictWords = {
  good: { zh: '线路质量良好，正常派话', en: 'its line is good' },
  lower: { zh: '线路质量下降，靠后派话', en: 'its line is poor; asked after better ones' },
  out: { zh: '线路质量过差，暂不派话', en: 'its line is too bad; no calls' },
};

function judged(state: State, site: Site, line: Line): Stepped {
  const words = verdictWords[line.verdict];
  return {
    ...withLine(state, site.id, line),
    news: [
      news(line.since, site, `line-${line.verdict}`, {
        zh: `职场“${site.name.zh}”${words.zh}`,
        en: `${site.name.en}: ${words.en}`,
      }),
    ],
  };
}

const news = (at: number, site: Site, code: string, words: News['words']): News => ({
  at,
  code,
  words,
  by: BY_RULE,
  about: { site: site.id },
});
