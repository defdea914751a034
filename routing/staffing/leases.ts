import type { Words } from '../../kernel/errors.ts';
import { BY_RULE, nothingNew, type Join, type Moment, type Stepped } from './happenings.ts';
import type { Rules } from './nouns.ts';
import { outOfRange, unknown, whyMissing, type StaffingRefusal } from './refusals.ts';
import { liveLease, mostSeats } from './sites.ts';
import { own, without, type State } from './state.ts';

/**
 * A site joins or renews (the shape of NENA-STA-010.3, dequeue registration): what it asks for beyond its limits is cut
 * down to them, and the words say what was granted. 0 seconds: it leaves; nothing new is offered, its talks end as
 * people end them. Emergency staff may do the same in its place, and say why.
 */
export function join({ rules, now }: Moment, state: State, asked: Join): Stepped | StaffingRefusal {
  const site = rules.sites.find(({ id }) => id === asked.site);
  if (!site) return unknown('site', asked.site);
  const refusal = faultOf(rules, asked);
  if (refusal) return refusal;
  const by = asked.granted?.by ?? `site:${site.id}`;
  const why = whyOf(asked);
  const about = { site: site.id };
  const had = liveLease(state, site.id, now);
  if (asked.seconds === 0) {
    if (!had) return nothingNew(state);
    return {
      state: { ...state, leases: without(state.leases, site.id) },
      news: [
        {
          at: now,
          code: 'site-left',
          words: {
            zh: `职场“${site.name.zh}”${asked.granted ? '的租约收回' : '退出'}${why.zh}`,
            en: `${asked.granted ? `The lease of ${site.name.en} was withdrawn` : `${site.name.en} has left`}${why.en}`,
          },
          by,
          about,
        },
      ],
      orders: [],
    };
  }
  const forMs = Math.min(asked.seconds * 1000, site.mostLeaseMs);
  const seats = Math.min(asked.seats, mostSeats(rules, site).length);
  const lease = { seats, until: now + forMs, queues: asked.queues };
  const cut = forMs < asked.seconds * 1000 || seats < asked.seats;
  const same = had?.seats === seats && JSON.stringify(had.queues) === JSON.stringify(asked.queues);
  const minutes = Math.round(forMs / 6_000) / 10;
  const words = {
    zh: `职场“${site.name.zh}”${had ? '续约' : '加入'}：${seats} 席，${minutes} 分钟${cut ? '（按上限核减）' : ''}${why.zh}`,
    en: `${site.name.en} ${had ? 'renews' : 'joins'} with ${seats} seats for ${minutes} minutes${cut ? ' (cut to its limits)' : ''}${why.en}`,
  };
  return {
    state: { ...state, leases: { ...state.leases, [site.id]: lease } },
    // A plain renewal, every minute perhaps, is no news.
    news:
      same && !asked.granted
        ? []
        : [{ at: now, code: had ? 'site-renewed' : 'site-joined', words, by, about }],
    orders: [],
  };
}

/** Takes away the leases that have run out by now. */
export function leasesEnded({ rules, now }: Moment, state: State): Stepped {
  const ended = rules.sites.filter(({ id }) => own(state.leases, id) && !liveLease(state, id, now));
  if (ended.length === 0) return nothingNew(state);
  return {
    state: {
      ...state,
      leases: ended.reduce((leases, { id }) => without(leases, id), state.leases),
    },
    news: ended.map(({ id, name }) => ({
      at: now,
      code: 'lease-ended',
      words: {
        zh: `职场“${name.zh}”的租约到期，不再派话`,
        en: `The lease of ${name.en} has run out; no new calls`,
      },
      by: BY_RULE,
      about: { site: id },
    })),
    orders: [],
  };
}

/** As the end of a sentence; empty when the site asks for itself. */
function whyOf({ granted }: Join): Words {
  const why = granted?.why.trim() ?? '';
  return why === '' ? { zh: '', en: '' } : { zh: `：${why}`, en: `: ${why}` };
}

function faultOf(rules: Rules, { seats, seconds, queues, granted }: Join): StaffingRefusal | null {
  if (granted?.why.trim() === '') return whyMissing();
  if (!Number.isFinite(seconds) || seconds < 0) {
    return outOfRange('seconds', { zh: '0 以上的秒数', en: 'seconds, 0 or more' });
  }
  if (seconds === 0) return null;
  if (!Number.isInteger(seats) || seats < 1) {
    return outOfRange('seats', { zh: '1 以上的席数', en: 'a number of seats, 1 or more' });
  }
  if (queues.length === 0) {
    return outOfRange('queues', { zh: '至少一条热线', en: 'at least one hotline' });
  }
  for (const { hotline, preference } of queues) {
    if (!rules.queues.some(({ queue }) => queue.hotline === hotline)) {
      return unknown('hotline', hotline, 'queues');
    }
    if (![1, 2, 3, 4, 5].includes(preference)) {
      return outOfRange('queues', { zh: '优先级 1 到 5', en: 'a preference from 1 to 5' });
    }
  }
  return null;
}
